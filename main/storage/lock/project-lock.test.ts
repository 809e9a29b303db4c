import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../node-file-system';
import { ProjectLock } from './project-lock';
import { openProject } from '../../project/project-store';
import { bundleProgram } from '../../project/testing/bundle-program';
import { startProgram } from '../../project/testing/child-program';
import {
  newProject,
  quickStorage,
  randomStroke,
  seeded,
  temporaryFolder,
} from '../../project/testing/sample-project';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

async function held(): Promise<ProjectLock> {
  const result = await ProjectLock.acquire(nodeFileSystem, folder);
  if (result.kind === 'busy') throw new Error(result.reason);
  return result.lock;
}

async function rewriteOwner(change: Record<string, unknown>): Promise<void> {
  const name = (await readdir(join(folder, 'lock'))).find((entry) => entry.startsWith('owner'));
  const path = join(folder, 'lock', name ?? '');
  const owner: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(Object.assign({}, owner, change)));
}

/** What every file of the project holds; unfinished files of a writer aside. */
async function folderDigest(place: string): Promise<Record<string, string>> {
  const digest: Record<string, string> = {};
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || entry.name.startsWith('.') || path.includes('lock')) continue;
    digest[path] = (await readFile(path)).toString('base64');
  }
  return digest;
}

async function silentFor(seconds: number): Promise<void> {
  const then = Date.now() / 1000 - seconds;
  await utimes(join(folder, 'lock', 'heartbeat'), then, then);
}

describe('the project lock', () => {
  it(
    'goes to exactly one of eight processes that race for a stale one',
    { timeout: 60_000 },
    async () => {
      const program = await bundleProgram('lock-racer', folder);
      const first = startProgram(program, folder);
      await first.gotLines(1);
      await first.kill();
      const racers = Array.from({ length: 8 }, () => startProgram(program, folder));
      await Promise.all(racers.map((racer) => racer.gotLines(1)));
      const results = racers.map(({ lines }) => lines[0]);
      expect(results.filter((line) => JSON.stringify(line) === '{"kind":"held"}')).toHaveLength(1);
      await Promise.all(racers.map((racer) => racer.kill()));
      await (await held()).release();
    },
  );

  it('opens a project that is open elsewhere read-only and says who has it', async () => {
    const place = join(folder, 'Open.emproj');
    const writer = await newProject(place);
    const stroke = randomStroke(seeded(1), 1);
    await writer.labels.append(stroke);
    const reader = await openProject(place, { readOnlyIfLocked: true }, quickStorage);
    expect(reader.access).toMatchObject({ kind: 'read-only' });
    expect(JSON.stringify(reader.access)).toContain(`process ${String(process.pid)}`);
    // As a person reads a time, not as a file keeps it.
    expect(JSON.stringify(reader.access)).toMatch(/since \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(reader.labels.lastSequence).toBe(1);
    await expect(reader.labels.append(randomStroke(seeded(1), 2))).rejects.toMatchObject({
      code: 'project.read-only',
    });
    await expect(
      openProject(place, { readOnlyIfLocked: false }, quickStorage),
    ).rejects.toMatchObject({
      code: 'project.locked',
    });
    await reader.close();
    await writer.labels.append(randomStroke(seeded(2), 2));
    await writer.close();
    const again = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    expect(again.access.kind).toBe('read-write');
    await again.close();
  });

  it('is taken over after a restart of the machine', async () => {
    const gone = await held();
    await rewriteOwner({ boot: 'another boot', pid: process.pid });
    const next = await ProjectLock.acquire(nodeFileSystem, folder);
    expect(next).toMatchObject({ kind: 'held', takenOver: { boot: 'another boot' } });
    if (next.kind === 'held') await next.lock.release();
    await gone.release();
  });

  it('is taken over from a process whose number another one has now', async () => {
    const gone = await held();
    await rewriteOwner({ processStart: '1' });
    const next = await ProjectLock.acquire(nodeFileSystem, folder);
    // Only where the system tells when a process began.
    if (process.platform === 'linux') expect(next.kind).toBe('held');
    if (next.kind === 'held') await next.lock.release();
    await gone.release();
  });

  it('of another machine holds while its heart beats and not after', async () => {
    const other = await held();
    await rewriteOwner({ host: 'another-machine', boot: 'another boot', pid: 1 });
    const busy = await ProjectLock.acquire(nodeFileSystem, folder);
    expect(busy.kind === 'busy' && busy.reason).toMatch(/another-machine/);
    await silentFor(120);
    const next = await ProjectLock.acquire(nodeFileSystem, folder);
    expect(next.kind).toBe('held');
    if (next.kind === 'held') await next.lock.release();
    await other.release();
  });

  it('of this machine under another name holds while its process lives, however long it is silent', async () => {
    const other = await held();
    await rewriteOwner({ host: 'renamed-by-the-network' });
    await silentFor(3600);
    const busy = await ProjectLock.acquire(nodeFileSystem, folder);
    // Only where the system tells one boot from another.
    if (process.platform === 'linux') expect(busy.kind).toBe('busy');
    await other.release();
  });

  it('of another machine with the name of this one is not taken for an earlier boot', async () => {
    const other = await held();
    await rewriteOwner({ boot: 'another boot', machine: 'another machine' });
    const busy = await ProjectLock.acquire(nodeFileSystem, folder);
    expect(busy.kind).toBe('busy');
    await other.release();
  });

  it('that someone cleared away is taken again, unless another process had it meanwhile', async () => {
    const place = join(folder, 'Cleared.emproj');
    const writer = await newProject(place);
    await rm(join(place, 'lock'), { recursive: true });
    await writer.labels.append(randomStroke(seeded(1), 1));
    await rm(join(place, 'lock'), { recursive: true });
    const between = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    await between.labels.append(randomStroke(seeded(2), 2));
    await between.close();
    await expect(writer.labels.append(randomStroke(seeded(3), 2))).rejects.toMatchObject({
      code: 'project.taken-over',
      data: { keptAside: true },
    });
    await writer.close();
    const last = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    expect(last.recovery).toMatchObject({ strokesAside: 1, complete: true });
    expect(last.labels.lastSequence).toBe(2);
    await last.close();
  });

  it('that was taken over lets nothing of the project be replaced any more', async () => {
    const place = join(folder, 'Taken.emproj');
    const writer = await newProject(place);
    await writer.labels.append(randomStroke(seeded(1), 1));
    await rm(join(place, 'lock'), { recursive: true });
    const taker = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    const before = await folderDigest(place);
    const refused = { code: 'project.taken-over' };
    await expect(writer.labels.checkpoint()).rejects.toMatchObject(refused);
    await expect(writer.setVoxelSize({ x: 9, y: 9, z: 9, source: 'user' })).rejects.toMatchObject({
      code: expect.stringMatching(/taken-over|read-only/) as string,
    });
    await writer.close();
    expect(await folderDigest(place)).toEqual(before);
    await taker.close();
  });

  it('takes the place of every claim that was left behind, however many', async () => {
    const gone = await held();
    const [name = ''] = (await readdir(join(folder, 'lock'))).filter((file) =>
      file.startsWith('owner-'),
    );
    const claim = await readFile(join(folder, 'lock', name), 'utf8');
    await gone.release();
    const dead = { ...(JSON.parse(claim) as object), pid: 2 ** 30, processStart: '1' };
    for (const number of ['000003', '000005', '000009'])
      await writeFile(join(folder, 'lock', `owner-${number}.json`), JSON.stringify(dead));
    const lock = await held();
    const left = (await readdir(join(folder, 'lock'))).filter((file) => file.startsWith('owner-'));
    expect(left).toEqual(['owner-000010.json']);
    await lock.release();
  });

  it('counts the silence from now where the heart beat at a time that has not come yet', async () => {
    const other = await held();
    await rewriteOwner({ host: 'another-machine', boot: 'another boot', pid: 1 });
    // Its clock was a year ahead.
    await silentFor(-365 * 86_400);
    expect((await ProjectLock.acquire(nodeFileSystem, folder)).kind).toBe('busy');
    const { mtimeMs } = await stat(join(folder, 'lock', 'heartbeat'));
    expect(mtimeMs - Date.now()).toBeLessThan(60_000);
    await other.release();
  });

  it.each(['owner-0000001.json', 'owner-4294967297.json', 'owner-.json'])(
    'is not impressed by a file named %s',
    async (name) => {
      await mkdir(join(folder, 'lock'));
      await writeFile(join(folder, 'lock', name), '{}');
      await (await held()).release();
    },
  );

  it('has no claim for a second writer where the last number is taken', async () => {
    await mkdir(join(folder, 'lock'));
    const path = join(folder, 'lock', 'owner-999999999.json');
    await writeFile(path, '{}');
    const long = Date.now() / 1000 - 3600;
    await utimes(path, long, long);
    await expect(held()).rejects.toMatchObject({ code: 'project.corrupt' });
    await expect(held()).rejects.toMatchObject({ code: 'project.corrupt' });
  });

  it('tells its holder when it was taken over', { timeout: 20_000 }, async () => {
    const holder = await held();
    const lost = new Promise<void>((resolve) => {
      holder.onLost(resolve);
    });
    await rewriteOwner({ boot: 'another boot' });
    const next = await held();
    await lost;
    await next.release();
  });
});
