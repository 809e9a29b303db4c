import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MembranaError } from '#contract/errors';
import { unsealJson } from '../storage/checksum';
import { flushFolder, makeFolderDurably, writeAll } from '../storage/file-system';
import { faultyFileSystem } from '../storage/testing/faulty-file-system';
import { PowerLossDisk } from '../storage/testing/power-loss-file-system';
import { PROJECT_FORMAT } from './project-file';
import { openProject } from './project-store';
import { bundleProgram } from './testing/bundle-program';
import { killedMigration } from './testing/faults/migration';
import { GoldenFacts, hashOf, unpackFolder } from './testing/golden-file';
import { quickStorage, seeded, shape, temporaryFolder } from './testing/sample-project';

const golden = join(import.meta.dirname, 'testing', 'golden');
const place = '/Golden.emproj';
const older = Array.from({ length: PROJECT_FORMAT - 1 }, (_, i) => `format-${String(i + 1)}.json`);

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

async function factsOf(name: string): Promise<GoldenFacts> {
  return GoldenFacts.parse(JSON.parse(await readFile(join(golden, name), 'utf8')));
}

/** A golden project on a disk in memory that can lose its power. */
async function onDisk(name: string, seed: number): Promise<PowerLossDisk> {
  const unpacked = join(folder, name);
  await unpackFolder(join(golden, `${name}.gz`), unpacked);
  const disk = new PowerLossDisk(seeded(seed));
  for (const entry of await readdir(unpacked, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const path = join(place, from.slice(unpacked.length));
    await makeFolderDurably(disk, dirname(path));
    const file = await disk.open(path, 'wx');
    await writeAll(file, new Uint8Array(await readFile(from)), 0);
    await file.sync();
    await file.close();
    await flushFolder(disk, dirname(path));
  }
  return disk;
}

async function expectWhole(disk: PowerLossDisk, facts: GoldenFacts): Promise<void> {
  const files = { ...quickStorage, files: disk };
  const project = await openProject(place, { readOnlyIfLocked: false }, files);
  const hashes: string[] = [];
  for (let z = 0; z < shape.depth; z += 1) hashes.push(hashOf(await project.labels.slice(z)));
  expect(hashes).toEqual(facts.slices);
  expect(project.labels.lastSequence).toBe(facts.lastSequence);
  expect((await project.verify()).problems).toEqual([]);
  await project.close();
}

describe('a project of an earlier format', () => {
  it.each(older)(
    '%s is whole wherever the power goes on its first opening',
    async (name) => {
      const facts = await factsOf(name);
      const whole = await onDisk(name, 1);
      const before = whole.calls;
      await expectWhole(whole, facts);
      const calls = whole.calls - before;
      expect(calls).toBeGreaterThan(20);
      for (let at = 1; at <= calls; at += Math.ceil(calls / 20)) {
        await remove();
        const disk = await onDisk(name, at);
        disk.powerAfter = disk.calls + at;
        await expectWhole(disk, facts).catch((error: unknown) => {
          if (!(error instanceof MembranaError)) throw error;
        });
        disk.cut();
        await disk.removeFolder(`${place}/lock`);
        await expectWhole(disk, facts);
      }
    },
    240_000,
  );

  it('opens for reading on a disk that can’t be written, and stays as it is', async () => {
    const [name = ''] = older.slice(-1);
    const disk = await onDisk(name, 1);
    const path = join(place, 'project.json');
    const bytes = await disk.readFile(path, Infinity);
    const writes = ['open', 'write', 'rename', 'unlink', 'makeFolder'];
    const files = faultyFileSystem(
      (operation) => (writes.includes(operation) ? { code: 'EROFS' } : null),
      disk,
    );
    const options = { ...quickStorage, files };
    const project = await openProject(place, { readOnlyIfLocked: true }, options);
    expect(project.access).toMatchObject({ kind: 'read-only' });
    expect(project.arrangement).toMatchObject([{ id: 'stack-1', layers: [{ id: 'membranes' }] }]);
    const facts = await factsOf(name);
    expect(hashOf(await project.labels.slice(0))).toBe(facts.slices[0]);
    await project.close();
    expect(Buffer.compare(await disk.readFile(path, Infinity), bytes)).toBe(0);
  });

  it('says that the disk is full, and is whole when there is room again', async () => {
    const [name = ''] = older.slice(-1);
    const disk = await onDisk(name, 1);
    const path = join(place, 'project.json');
    const bytes = await disk.readFile(path, Infinity);
    const files = faultyFileSystem(
      (operation) => (operation === 'write' ? { code: 'ENOSPC' } : null),
      disk,
    );
    await expect(
      openProject(place, { readOnlyIfLocked: true }, { ...quickStorage, files }),
    ).rejects.toMatchObject({ code: 'disk.full' });
    expect(Buffer.compare(await disk.readFile(path, Infinity), bytes)).toBe(0);
    await expectWhole(disk, await factsOf(name));
    const content = unsealJson(new TextDecoder().decode(await disk.readFile(path, Infinity)));
    expect(content).toMatchObject({ format: PROJECT_FORMAT });
  });

  it('is whole after being killed at any moment of its first opening', async () => {
    const program = await bundleProgram('opener', folder);
    const { failures, counts } = await killedMigration(program, golden, folder, 6);
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({ kills: 6, lost: 0 });
  }, 240_000);
});
