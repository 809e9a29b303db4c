import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePatch, encodePatch } from '#contract/label-patch-codec';
import { invertPatch } from '#contract/label-patch';
import type { Project } from './project';
import { openProject } from './project-store';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  seeded,
} from './testing/sample-project';
import { restorationOf } from './versions/restore-version';

let folder = '';
let project: Project;
let naive: NaiveLabels;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'membrana-versions-')), 'A.emproj');
  project = await newProject(folder);
  naive = new NaiveLabels();
});
afterEach(async () => {
  await project.close();
  await rm(join(folder, '..'), { recursive: true });
});

async function paint(count: number, labels = naive): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const sequence = project.labels.lastSequence + 1;
    const patch = randomPatch(seeded(sequence), sequence);
    labels.apply(patch);
    await project.labels.append(encodePatch(patch));
  }
}

/** What the window does with a restoration. */
async function restore(number: number): Promise<ReturnType<typeof decodePatch>[]> {
  const { patches } = await restorationOf(project.versions, project.labels, number);
  for (const patch of patches) await project.labels.append(encodePatch(patch));
  return [...patches];
}

async function packBytes(): Promise<number> {
  const names = await readdir(join(folder, 'versions'));
  let bytes = 0;
  for (const name of names.filter((each) => each.endsWith('.pack')))
    bytes += (await stat(join(folder, 'versions', name))).size;
  return bytes;
}

describe('a named version', () => {
  it('is listed newest first, with what was in it', async () => {
    await paint(6);
    await project.versions.save('First');
    await paint(2);
    await project.versions.save('Second');
    expect(await project.versions.list()).toMatchObject([
      { number: 2, name: 'Second', model: null },
      { number: 1, name: 'First', slices: 2 },
    ]);
  });

  it('comes back byte for byte, also after a restart, and undo brings back what was there', async () => {
    await paint(8);
    const then = new NaiveLabels();
    for (let n = 1; n <= 8; n += 1) then.apply(randomPatch(seeded(n), n));
    const { number } = await project.versions.save('Before lunch');
    await paint(7);
    await project.close();
    project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    const patches = await restore(number);
    expect(patches.map(({ z }) => z)).toEqual([0, 1]);
    expect(new Set(patches.map(({ name }) => name))).toEqual(new Set(['Restore Before lunch']));
    expect(await differingSlices(project, then)).toEqual([]);
    for (const patch of patches.reverse()) {
      const undo = invertPatch(patch, 'undo', project.labels.lastSequence + 1);
      await project.labels.append(encodePatch(undo));
    }
    expect(await differingSlices(project, naive)).toEqual([]);
  });

  it('of labels as they are needs nothing to be restored', async () => {
    await paint(3);
    const { number } = await project.versions.save('Now');
    expect(await restore(number)).toEqual([]);
  });

  it('of an empty project takes everything away again', async () => {
    const { number } = await project.versions.save('Empty');
    await paint(4);
    await restore(number);
    expect(await differingSlices(project, new NaiveLabels())).toEqual([]);
  });

  it('costs next to nothing where little changed', async () => {
    await paint(20);
    await project.versions.save('Much');
    const before = await packBytes();
    await project.versions.save('The same');
    expect(await packBytes()).toBe(before);
  });

  it('never changes, whatever is painted and saved later', async () => {
    await paint(3);
    await project.versions.save('One');
    const path = join(folder, 'versions', '000001.json');
    const before = await readFile(path);
    await paint(3);
    await project.versions.save('Two');
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
    expect((await project.verify()).problems).toEqual([]);
  });

  it('that is damaged is left out of the list, named by verify, and its number is not used again', async () => {
    await paint(3);
    await project.versions.save('One');
    await paint(3);
    await project.versions.save('Two');
    await writeFile(join(folder, 'versions', '000002.json'), '{}');
    expect((await project.versions.list()).map(({ name }) => name)).toEqual(['One']);
    expect((await project.verify()).problems).toMatchObject([{ file: 'versions/000002.json' }]);
    await expect(restore(2)).rejects.toMatchObject({ code: 'project.corrupt' });
    await expect(restore(9)).rejects.toMatchObject({ code: 'version.not-found' });
    expect((await project.versions.save('Three')).number).toBe(3);
    const pack = join(folder, 'versions', '000001.pack');
    await writeFile(pack, (await readFile(pack)).fill(7));
    await expect(restore(1)).rejects.toMatchObject({ code: 'project.corrupt' });
    expect(await differingSlices(project, naive)).toEqual([]);
  });

  it('is refused in a project that is open for reading', async () => {
    const reader = await openProject(folder, { readOnlyIfLocked: true }, quickStorage);
    await expect(reader.versions.save('No')).rejects.toMatchObject({ code: 'project.read-only' });
    await reader.close();
  });
});
