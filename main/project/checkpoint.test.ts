import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePatch } from '#contract/label-patch-codec';
import type { MembranaError } from '#contract/errors';
import { StackId } from '#contract/ids';
import { currentChunk, readStoredTile, type LayerPlace } from './checkpoint';
import { checksum } from './checksum';
import { readCommits } from './commit-record';
import { nodeFileSystem } from './file-system';
import { journalFolder } from './journal-segment';
import type { Project } from './project';
import { openProject } from './project-store';
import { faultyFileSystem } from './testing/faulty-file-system';
import { PowerLossDisk } from './testing/power-loss-file-system';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  seeded,
  shape,
  temporaryFolder,
} from './testing/sample-project';
import { verifyProject } from './verify';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

async function paintThree(project: Project, naive: NaiveLabels, from = 1): Promise<void> {
  for (let sequence = from; sequence < from + 3; sequence += 1) {
    const patch = randomPatch(seeded(sequence), sequence);
    naive.apply(patch);
    await project.labels.append(encodePatch(patch));
  }
}

function place(): LayerPlace {
  const stack = StackId.parse('stack-1');
  return { files: nodeFileSystem, project: folder, stack, layer: 'membranes' };
}

async function commitNames(): Promise<string[]> {
  return (await readdir(journalFolder(folder))).filter((name) => name.startsWith('commit'));
}

describe('a checkpoint', () => {
  it('leaves two plain OME-Zarr images with the voxel size in nm', async () => {
    const project = await newProject(folder);
    const naive = new NaiveLabels();
    await paintThree(project, naive);
    await project.close();
    for (const [name, meaning] of [
      ['membranes', (label: number) => label & 0x7f],
      ['membranes-review', (label: number) => (label >= 128 ? 2 : label === 0 ? 0 : 1)],
    ] as const) {
      const image = join(folder, 'labels', 'stack-1', `${name}.ome.zarr`);
      const array: unknown = JSON.parse(await readFile(join(image, '0', '.zarray'), 'utf8'));
      expect(array).toMatchObject({
        zarr_format: 2,
        shape: [shape.depth, shape.height, shape.width],
        chunks: [1, 512, 512],
        dtype: '|u1',
        compressor: { id: 'zlib' },
        dimension_separator: '/',
      });
      const attributes: unknown = JSON.parse(await readFile(join(image, '.zattrs'), 'utf8'));
      const coordinateTransformations = [{ type: 'scale', scale: [50, 4, 4] }];
      expect(attributes).toMatchObject({
        multiscales: [{ version: '0.4', datasets: [{ path: '0', coordinateTransformations }] }],
      });
      for (let z = 0; z < shape.depth; z += 1) {
        const slice = naive.slice(z).map(meaning);
        const chunk = await readFile(join(image, '0', String(z), '0', '0')).catch(() => null);
        const pixels = chunk ? inflateSync(chunk) : new Uint8Array(512 * 512);
        for (let y = 0; y < 512; y += 1) {
          const row = slice.subarray(y * shape.width, y * shape.width + 512);
          expect(Buffer.compare(pixels.subarray(y * 512, y * 512 + 512), row)).toBe(0);
        }
      }
    }
  });

  it('keeps two generations, and drops journal segments that neither needs', async () => {
    const options = { ...quickStorage, segmentBytes: 600, undoBytes: 0 };
    const project = await newProject(folder, options);
    const naive = new NaiveLabels();
    const logs = async (): Promise<number[]> =>
      (await readdir(journalFolder(folder))).flatMap((name) =>
        name.endsWith('.log') ? [Number.parseInt(name, 10)] : [],
      );
    await paintThree(project, naive, 1);
    await project.labels.checkpoint();
    const firstLogs = await logs();
    await paintThree(project, naive, 4);
    await project.labels.checkpoint();
    // The first checkpoint is still a fallback, so what follows it stays.
    expect(await logs()).toEqual(expect.arrayContaining([firstLogs.at(-1)! + 1]));
    await paintThree(project, naive, 7);
    await project.labels.checkpoint();
    expect((await logs()).some((number) => firstLogs.includes(number))).toBe(false);
    expect(await commitNames()).toHaveLength(2);
    await project.close();
  });

  it('never drops what undo may still refer to', async () => {
    const options = { ...quickStorage, segmentBytes: 600, undoBytes: 1e6 };
    const project = await newProject(folder, options);
    for (let round = 0; round < 4; round += 1) {
      await paintThree(project, new NaiveLabels(), 1 + 3 * round);
      await project.labels.checkpoint();
    }
    expect(await project.history(1e6)).toHaveLength(12);
    await project.close();
  });
});

describe('damage on the disk', () => {
  it('any byte of a chunk flipped is noticed', async () => {
    const project = await newProject(folder);
    await paintThree(project, new NaiveLabels());
    await project.close();
    const records = await readCommits(nodeFileSystem, journalFolder(folder));
    const tile = Object.keys(records.commits[0]?.tiles ?? {})[0] ?? '';
    const path = currentChunk(place(), tile, 'classes');
    const bytes = await readFile(path);
    expect((await readStoredTile(place(), records, tile))?.classes).not.toBeNull();
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(checksum(flipped)).not.toBe(checksum(bytes));
      if (at % 40 !== 0) continue;
      await writeFile(path, flipped);
      expect((await readStoredTile(place(), records, tile))?.classes).toBeNull();
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
    for (const tile of Object.keys(commits[0]?.tiles ?? {}))
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
    const newest = join(journalFolder(folder), (await commitNames()).at(-1) ?? '');
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
      if (armed && operation === 'rename' && /commit-\d+\.json$/.test(path)) dead = true;
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
    const stack = StackId.parse('stack-1');
    const at = { files: disk, project: where, stack, layer: 'membranes' };
    const { commits } = await readCommits(disk, journalFolder(where));
    for (const tile of Object.keys(commits[0]?.tiles ?? {})) {
      const chunk = currentChunk(at, tile, 'classes');
      const bytes = await disk.readFile(chunk);
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
