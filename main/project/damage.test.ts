import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MembranaError } from '#contract/errors';
import { LayerId, StackId } from '#contract/ids';
import { currentChunk, type LayerPlace } from '../labels/checkpoint';
import { readStoredTile } from '../labels/stored-tile';
import { checksum } from '../storage/checksum';
import { committedTiles, readCommits } from '../storage/recovery/commit-record';
import { nodeFileSystem } from '../storage/node-file-system';
import { journalFolder } from '../storage/journal/journal-segment';
import { openProject } from './project-store';
import { faultyFileSystem } from '../storage/testing/faulty-file-system';
import { PowerLossDisk } from '../storage/testing/power-loss-file-system';
import {
  commitNames,
  differingSlices,
  NaiveLabels,
  newProject,
  paintThree,
  quickStorage,
  seeded,
  temporaryFolder,
} from './testing/sample-project';
import { verifyProject } from './verify';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

const first = {
  stack: StackId.parse('stack-1'),
  layer: LayerId.parse('membranes'),
  element: 'uint8',
} as const;

function place(): LayerPlace {
  return { files: nodeFileSystem, project: folder, ...first };
}

describe('damage on the disk', () => {
  it('any byte of a chunk flipped is noticed', async () => {
    const project = await newProject(folder);
    await paintThree(project, new NaiveLabels());
    await project.close();
    const records = await readCommits(nodeFileSystem, journalFolder(folder));
    const tile = Object.keys(committedTiles(records.commits[0], first))[0] ?? '';
    const path = currentChunk(place(), tile, 'classes');
    const bytes = await readFile(path);
    expect((await readStoredTile(place(), records, tile))?.damaged).toBe(false);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(checksum(flipped)).not.toBe(checksum(bytes));
      if (at % 40 !== 0) continue;
      await writeFile(path, flipped);
      expect(await readStoredTile(place(), records, tile)).toMatchObject({
        ...{ sequence: -1, damaged: true },
      });
    }
  });

  it.each([
    [
      'flipped',
      async (path: string) => {
        const bytes = await readFile(path);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
        await writeFile(path, bytes);
      },
    ],
    ['missing', (path: string) => rm(path)],
    ['empty', (path: string) => writeFile(path, '')],
  ])('every chunk %s is rebuilt from the generation before and the journal', async (_, damage) => {
    const warnings: MembranaError[] = [];
    const options = {
      ...quickStorage,
      segmentBytes: 600,
      undoBytes: 0,
      onWarning: (error: MembranaError) => warnings.push(error),
    };
    let project = await newProject(folder, options);
    const naive = new NaiveLabels();
    // Several checkpoints, so that tiles are of different ages.
    for (let round = 0; round < 4; round += 1) {
      await paintThree(project, naive, 1 + 3 * round);
      await project.labels.checkpoint();
    }
    const expected = project.labels.coverage();
    await project.close();
    const { commits } = await readCommits(nodeFileSystem, journalFolder(folder));
    for (const tile of Object.keys(committedTiles(commits[0], first)))
      await damage(currentChunk(place(), tile, 'classes'));
    project = await openProject(folder, { readOnlyIfLocked: false }, options);
    expect((await project.verify()).problems.length).toBeGreaterThan(3);
    expect(await differingSlices(project, naive)).toEqual([]);
    expect(project.labels.coverage()).toEqual(expected);
    expect(warnings.every(({ code }) => code === 'project.corrupt')).toBe(true);
    await project.close();
    project = await openProject(folder, { readOnlyIfLocked: false }, options);
    expect((await project.verify()).problems).toEqual([]);
    expect(await differingSlices(project, naive)).toEqual([]);
    await project.close();
  });

  it('of the newest checkpoint record falls back on the one before', async () => {
    const options = { ...quickStorage, segmentBytes: 600, undoBytes: 0 };
    let project = await newProject(folder, options);
    const naive = new NaiveLabels();
    for (let round = 0; round < 3; round += 1) {
      await paintThree(project, naive, 1 + 3 * round);
      await project.labels.checkpoint();
    }
    await project.close();
    const newest = join(journalFolder(folder), (await commitNames(folder)).at(-1) ?? '');
    const text = await readFile(newest, 'utf8');
    await writeFile(newest, text.replace('"sequence":9', '"sequence":8'));
    project = await openProject(folder, { readOnlyIfLocked: false }, options);
    expect(await differingSlices(project, naive)).toEqual([]);
    expect(project.labels.lastSequence).toBe(9);
    await project.close();
  });

  it('that is killed after writing both copies of a repaired tile and before its record is no damage', async () => {
    const disk = new PowerLossDisk(seeded(1));
    let armed = false;
    let dead = false;
    const killing = faultyFileSystem((operation, path) => {
      if (armed && operation === 'rename' && /commit-\d+-g\d+\.json$/.test(path)) dead = true;
      return dead ? { code: 'EIO' } : null;
    }, disk);
    const where = '/Killed.emproj';
    const options = { ...quickStorage, files: killing, onWarning: () => undefined };
    const naive = new NaiveLabels();
    let project = await newProject(where, options);
    for (const from of [1, 4]) {
      await paintThree(project, naive, from);
      await project.labels.checkpoint();
    }
    await project.close();
    const at = { files: disk, project: where, ...first };
    const { commits } = await readCommits(disk, journalFolder(where));
    for (const tile of Object.keys(committedTiles(commits[0], first))) {
      const chunk = currentChunk(at, tile, 'classes');
      const bytes = await disk.readFile(chunk, Infinity);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
      await disk.unlink(chunk);
      const file = await disk.open(chunk, 'wx');
      await file.write(bytes, 0, bytes.length, 0);
    }
    project = await openProject(where, { readOnlyIfLocked: false }, options);
    expect(await differingSlices(project, naive)).toEqual([]);
    // What is written anew is no longer what the last record says.
    await paintThree(project, naive, 7);
    armed = true;
    await expect(project.labels.checkpoint()).rejects.toMatchObject({ code: 'file.write-failed' });
    expect(dead).toBe(true);
    const left = await readCommits(disk, journalFolder(where));
    expect(left.pending).toHaveLength(1);
    expect((await verifyProject(disk, where)).problems).toEqual([]);
    await disk.removeFolder(`${where}/lock`);
    const later = { ...quickStorage, files: disk };
    project = await openProject(where, { readOnlyIfLocked: false }, later);
    expect(await differingSlices(project, naive)).toEqual([]);
    expect((await project.verify()).problems).toEqual([]);
    await project.close();
  });

  it('that is the first one, and is killed on its way, leaves no alarm and no wrong count', async () => {
    const disk = new PowerLossDisk(seeded(1));
    let calls = -1;
    const killing = faultyFileSystem((operation, path) => {
      if (calls >= 0 && operation === 'rename' && !path.includes('/lock')) calls += 1;
      return calls > 5 ? { code: 'EIO' } : null;
    }, disk);
    const where = '/First.emproj';
    const warnings: string[] = [];
    const onWarning = ({ message }: MembranaError): void => {
      warnings.push(message);
    };
    const naive = new NaiveLabels();
    let project = await newProject(where, { ...quickStorage, files: killing });
    await paintThree(project, naive);
    await project.labels.settled();
    const counts = project.labels.coverage();
    calls = 0;
    await expect(project.labels.checkpoint()).rejects.toMatchObject({ code: 'file.write-failed' });
    const left = await readCommits(disk, journalFolder(where));
    expect(left).toMatchObject({ commits: [], pending: [{ number: 1 }] });
    const later = { ...quickStorage, files: disk, onWarning };
    for (const from of [4, 7]) {
      await disk.removeFolder(`${where}/lock`);
      project = await openProject(where, { readOnlyIfLocked: false }, later);
      expect(await differingSlices(project, naive)).toEqual([]);
      if (from === 4) expect(project.labels.coverage()).toEqual(counts);
      expect((await project.verify()).problems).toEqual([]);
      await paintThree(project, naive, from);
      await project.close();
    }
    expect((await verifyProject(disk, where)).problems).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('labels whose journal folder was deleted are taken as they are', async () => {
    let project = await newProject(folder);
    const naive = new NaiveLabels();
    await paintThree(project, naive);
    await project.close();
    await rm(journalFolder(folder), { recursive: true });
    project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    expect(await differingSlices(project, naive)).toEqual([]);
    expect(project.labels.coverage().length).toBeGreaterThan(0);
    await paintThree(project, naive, project.labels.lastSequence + 1);
    await project.close();
    project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    expect(await differingSlices(project, naive)).toEqual([]);
    await project.close();
  });
});
