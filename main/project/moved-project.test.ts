import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MembranaError } from '#contract/errors';
import { encodePatch } from '#contract/label-patch-codec';
import type { FileSystem, OpenFile } from '../storage/file-system';
import { nodeFileSystem } from '../storage/node-file-system';
import type { Project } from './project';
import { openProject } from './project-store';
import type { StorageOptions } from './storage-options';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  renameStep,
  seeded,
  temporaryFolder,
} from './testing/sample-project';
import { fingerprintOf } from './testing/strange-entries';

let work: Awaited<ReturnType<typeof temporaryFolder>>;
let place = '';
let rescue = '';
let storage: Partial<StorageOptions>;
let told: MembranaError[];
let naive: NaiveLabels;
beforeEach(async () => {
  work = await temporaryFolder();
  place = join(work.folder, 'Moved.emproj');
  rescue = join(work.folder, 'rescued');
  told = [];
  asked = 0;
  naive = new NaiveLabels();
  storage = { ...quickStorage, rescue, onWarning: (error) => told.push(error) };
});
afterEach(() => work.remove());

async function paint(project: Project, strokes: number): Promise<void> {
  for (let i = 0; i < strokes; i += 1) {
    const sequence = project.labels.lastSequence + 1;
    const patch = randomPatch(seeded(sequence), sequence);
    await project.labels.append(encodePatch(patch));
    naive.apply(patch);
  }
}

/** Answers a folder that takes nothing, then one that does. */
let asked = 0;
async function askPlace(): Promise<string | null> {
  asked += 1;
  const folder = join(work.folder, asked === 1 ? 'not there' : 'chosen');
  if (asked > 1) await mkdir(folder);
  return folder;
}

async function expectWhole(at: string): Promise<void> {
  const project = await openProject(at, { readOnlyIfLocked: true }, storage);
  expect(project.access).toEqual({ kind: 'read-write' });
  expect(await differingSlices(project, naive)).toEqual([]);
  expect(project.recovery?.complete ?? true).toBe(true);
  await project.close();
}

/** Every file of a project, with its time and content. */
const filesOf = async (folder: string): Promise<string[]> =>
  (await fingerprintOf(folder)).split('\n').filter((line) => !line.endsWith(' '));

/** The disk with a folder on a drive that can be pulled out: then every call there fails, also on open files. */
function withDrive(drive: string): { readonly files: FileSystem; pulled: boolean } {
  const state = { files: nodeFileSystem, pulled: false };
  const guarded = <T extends object>(object: T, isThere: (args: unknown[]) => boolean): T =>
    new Proxy(object, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (state.pulled && name !== 'close' && isThere(args))
            throw Object.assign(new Error('EIO: the drive is gone'), { code: 'EIO' });
          const answer: unknown = await Reflect.apply(value, target, args);
          return name === 'open' ? guarded(answer as OpenFile, () => isThere(args)) : answer;
        };
      },
    });
  state.files = guarded(nodeFileSystem, ([path]) => String(path).startsWith(drive));
  return state;
}

describe('a project whose folder goes while it is open', () => {
  it('keeps every stroke elsewhere, also where space is kept for a full disk', async () => {
    const project = await newProject(place, { ...storage, reserveBytes: 1 << 20 });
    await paint(project, 3);
    await rename(place, `${place} away`);
    await paint(project, 5);
    await project.close();
    expect(told.map(({ code }) => code)).toContain('project.journal-moved');
    await rename(`${place} away`, place);
    await expectWhole(place);
  });

  it('opens for writing where it is now as soon as it is closed, in the same process', async () => {
    const project = await newProject(place, storage);
    await paint(project, 3);
    await rename(place, `${place} away`);
    await paint(project, 2);
    const beside = await openProject(`${place} away`, { readOnlyIfLocked: true }, storage);
    expect(beside.access.kind).toBe('read-only');
    await beside.close();
    await project.close();
    await expectWhole(`${place} away`);
  });

  it('leaves another project alone that lies in its place by now', async () => {
    const other = join(work.folder, 'Other.emproj');
    await (await newProject(other, storage)).close();
    const before = await filesOf(other);
    const project = await newProject(place, storage);
    await paint(project, 2);
    await project.labels.checkpoint();
    await paint(project, 2);
    await rename(place, `${place} away`);
    await rename(other, place);
    await paint(project, 3);
    await project.labels.checkpoint().catch(() => undefined);
    await project.apply(renameStep(project.labels.lastSequence + 1));
    await project.versions.save('Now').catch(() => undefined);
    await project.close();
    expect(await filesOf(place)).toEqual(before);
    await expectWhole(`${place} away`);
  });

  it('and that finds no place anywhere asks for one when it closes', async () => {
    const project = await newProject(place, { ...storage, rescue: null, askPlace });
    await paint(project, 3);
    await rename(place, `${place} away`);
    await project.close();
    expect(asked).toBe(2);
    const moved = told.find(({ code }) => code === 'project.journal-moved');
    expect(moved?.data).toMatchObject({ records: 3 });
    const [file = ''] = await readdir(join(work.folder, 'chosen'));
    const journal = join(`${place} away`, 'journal');
    for (const name of await readdir(journal))
      if (name.endsWith('.log')) await rm(join(journal, name));
    await rename(join(work.folder, 'chosen', file), join(journal, file));
    await expectWhole(`${place} away`);
  });

  it('on a drive that was pulled out saves on this computer, in one file', async () => {
    const drive = withDrive(join(work.folder, 'drive'));
    await mkdir(join(work.folder, 'drive'));
    place = join(work.folder, 'drive', 'Moved.emproj');
    const project = await newProject(place, { ...storage, files: drive.files });
    await paint(project, 3);
    drive.pulled = true;
    await paint(project, 6);
    expect(told.map(({ code }) => code)).toContain('project.journal-moved');
    const [folder = ''] = await readdir(rescue);
    expect(await readdir(join(rescue, folder))).toHaveLength(1);
    await project.close();
    drive.pulled = false;
    await expectWhole(place);
  });
});

it('project.json that a sync client put back to an older copy is written again when the project closes', async () => {
  const project = await newProject(place, storage);
  const file = join(place, 'project.json');
  const older = await readFile(file);
  await project.setVoxelSize({ x: 7, y: 7, z: 9, source: 'user' });
  await writeFile(file, older);
  await project.close();
  const again = await openProject(place, { readOnlyIfLocked: false }, storage);
  expect(again.stack.info.voxelSize).toMatchObject({ x: 7, y: 7, z: 9 });
  await again.close();
});

it('a copy of an open project opens for writing once the original is closed', async () => {
  const project = await newProject(place, storage);
  await paint(project, 3);
  await cp(place, `${place} copy`, { recursive: true });
  await project.close();
  await expectWhole(`${place} copy`);
});
