import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReserveFile } from '../reserve-file';
import { type FileSystem } from '../file-system';
import { nodeFileSystem } from '../node-file-system';
import { Journal } from './journal';
import { encodeRecord, readRecord } from './journal-record';
import { scanSegment, segmentPath } from './journal-segment';
import { openProject } from '../../project/project-store';
import { recoverJournal } from '../recovery/recovery';
import { faultyFileSystem, type Fault, type Operation } from '../testing/faulty-file-system';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  randomStroke,
  seeded,
  temporaryFolder,
} from '../../project/testing/sample-project';

let project = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder: project, remove } = await temporaryFolder());
  await nodeFileSystem.makeFolder(join(project, 'journal'));
});
afterEach(() => remove());

function openJournal(files: FileSystem, segmentBytes = 1 << 20): Journal {
  const folder = join(project, 'journal');
  return new Journal({
    files,
    folder,
    reserve: new ReserveFile(files, folder, 0),
    rescue: null,
    segments: [],
    segmentBytes,
    lastSequence: 0,
    generation: { generation: 1, after: 0 },
    earlier: [],
    folded: 0,
    kept: [],
    claim: { look: () => Promise.resolve('here' as const) },
    lastSaved: null,
    onDiskFull: () => undefined,
    onMoved: () => undefined,
    askPlace: () => Promise.resolve(null),
  });
}

const payload = (n: number): Uint8Array => new Uint8Array(50 + n).fill(n);

async function replayed(): Promise<number[]> {
  const { replay } = await recoverJournal(nodeFileSystem, project, { repair: true });
  for (const { sequence, payload: bytes } of replay)
    expect(Buffer.compare(bytes, payload(sequence))).toBe(0);
  return replay.map(({ sequence }) => sequence);
}

/** Fails the `nth` call of an operation on segment files. */
function failing(operation: Operation, nth: number, fault: Fault): FileSystem {
  let count = 0;
  return faultyFileSystem((called, path) => {
    if (called !== operation || !path.endsWith('.log')) return null;
    count += 1;
    return count === nth ? fault : null;
  });
}

describe('the journal', () => {
  it('flushes what waits together once, and in order', async () => {
    let flushes = 0;
    const journal = openJournal(
      faultyFileSystem((operation) => {
        if (operation === 'datasync') flushes += 1;
        return null;
      }),
    );
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const { sequence, durable } = journal.append('label-patch', payload(i + 1));
        await durable;
        done.push(sequence);
      }),
    );
    expect(done).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(flushes).toBeLessThan(5);
    await journal.close();
    expect(await replayed()).toEqual(done);
  });

  it('acknowledges nothing before the flush has returned', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const files: FileSystem = {
      ...nodeFileSystem,
      async open(path, flags) {
        const file = await nodeFileSystem.open(path, flags);
        return {
          ...file,
          datasync: async () => {
            await gate;
            await file.datasync();
          },
        };
      },
    };
    const journal = openJournal(files);
    let saved = false;
    const { durable } = journal.append('label-patch', payload(1));
    const waiting = durable.then(() => (saved = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(saved).toBe(false);
    letGo();
    await waiting;
    await journal.close();
  });

  it('goes on in a new file after a failed flush, never flushing the same file again', async () => {
    const flushed: string[] = [];
    const under = failing('datasync', 3, { code: 'EIO' });
    const files = faultyFileSystem((operation, path) => {
      if (operation === 'datasync') flushed.push(path);
      return null;
    }, under);
    const journal = openJournal(files);
    for (let n = 1; n <= 5; n += 1) await journal.append('label-patch', payload(n)).durable;
    await journal.close();
    const first = segmentPath(join(project, 'journal'), 1, 1);
    expect(flushed.filter((path) => path === first)).toHaveLength(3);
    expect(await replayed()).toEqual([1, 2, 3, 4, 5]);
  });

  it.each<[string, Operation, Fault]>([
    ['a short write', 'write', { shortTo: 7 }],
    ['a failed write', 'write', { code: 'EIO' }],
    ['a file that can not be made', 'open', { code: 'EIO' }],
  ])('survives %s', async (_, operation, fault) => {
    const journal = openJournal(failing(operation, operation === 'open' ? 2 : 3, fault), 200);
    for (let n = 1; n <= 6; n += 1) await journal.append('label-patch', payload(n)).durable;
    await journal.close();
    expect(await replayed()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('fails all that waited behind a failure, and takes them again', async () => {
    let broken = true;
    const journal = openJournal(
      faultyFileSystem((operation) =>
        broken && operation === 'datasync' ? { code: 'EIO' } : null,
      ),
    );
    const results = await Promise.allSettled(
      [1, 2, 3].map((n) => journal.append('label-patch', payload(n)).durable),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    broken = false;
    for (const n of [1, 2, 3]) expect(journal.append('label-patch', payload(n)).sequence).toBe(n);
    await journal.append('label-patch', payload(4)).durable;
    await journal.close();
    expect(await replayed()).toEqual([1, 2, 3, 4]);
  });

  it('believes the later of two records with one number: the first was never acknowledged', async () => {
    const record = (sequence: number, byte: number): Uint8Array =>
      encodeRecord({
        sequence,
        time: 0,
        kind: 'label-patch',
        payload: new Uint8Array(9).fill(byte),
      });
    const folder = join(project, 'journal');
    await writeFile(
      segmentPath(folder, 1),
      Buffer.concat([record(1, 1), record(2, 2), record(3, 3)]),
    );
    await writeFile(segmentPath(folder, 2), record(2, 9));
    const { replay } = await recoverJournal(nodeFileSystem, project, { repair: true });
    expect(replay.map(({ sequence, payload: bytes }) => [sequence, bytes[0]])).toEqual([
      [1, 1],
      [2, 9],
    ]);
  });
});

describe('a journal that was cut or damaged', () => {
  it('gives back every whole record, wherever its last three were cut', async () => {
    const folder = join(project, 'journal');
    const records = [1, 2, 3, 4, 5].map((n) =>
      encodeRecord({ sequence: n, time: n, kind: 'label-patch', payload: payload(n) }),
    );
    const whole = Buffer.concat(records);
    const ends = records.map((_, i) => Buffer.concat(records.slice(0, i + 1)).length);
    const path = segmentPath(folder, 1);
    for (let length = ends[1] ?? 0; length <= whole.length; length += 1) {
      await writeFile(path, whole);
      await truncate(path, length);
      const { replay, setAside } = await recoverJournal(nodeFileSystem, project, { repair: false });
      const expected = ends.filter((end) => end <= length).length;
      expect(replay.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5].slice(0, expected));
      expect(setAside).toEqual({ records: ends.includes(length) ? 0 : 1, damaged: false });
    }
  });

  it('gives back every record but the damaged one, which is set aside unharmed', async () => {
    const place = join(project, 'Damaged.emproj');
    // Killed without closing: the journal is copied while the project is open.
    const writer = await newProject(place);
    for (let n = 1; n <= 6; n += 1) await writer.labels.append(randomStroke(seeded(n), n));
    const log = segmentPath(join(place, 'journal'), 1, 1);
    const bytes = await readFile(log);
    await writer.close();
    const copy = join(project, 'Copy.emproj');
    await (await newProject(copy)).close();
    const damaged = Uint8Array.from(bytes);
    const ends = await recordEnds(log);
    const [from = 0, to = 0] = ends.slice(2, 4);
    const at = (from + to) >> 1;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await writeFile(segmentPath(join(copy, 'journal'), 1, 1), damaged);
    let reopened = await openProject(copy, { readOnlyIfLocked: false }, quickStorage);
    const naive = new NaiveLabels();
    for (const n of [1, 2, 3, 5, 6]) naive.apply(randomPatch(seeded(n), n));
    expect(reopened.labels.lastSequence).toBe(6);
    expect(await differingSlices(reopened, naive)).toEqual([]);
    expect(reopened.recovery).toMatchObject({
      strokesRecovered: 5,
      recordsSetAside: 1,
      message: 'Recovered 5 strokes; 1 damaged record was set aside in the journal folder.',
    });
    const quarantined = (await readdir(join(copy, 'journal'))).find((n) =>
      n.startsWith('quarantine'),
    );
    const rest = await readFile(join(copy, 'journal', quarantined ?? ''));
    expect(Buffer.compare(rest, damaged.subarray(from, to))).toBe(0);
    expect((await reopened.verify()).problems).toEqual([]);
    await reopened.labels.append(randomStroke(seeded(7), 7));
    naive.apply(randomPatch(seeded(7), 7));
    await reopened.close();
    reopened = await openProject(copy, { readOnlyIfLocked: false }, quickStorage);
    expect(await differingSlices(reopened, naive)).toEqual([]);
    expect(reopened.recovery).toBeNull();
    await reopened.close();
  });

  it('says how many strokes a lost file of the journal held', async () => {
    const place = join(project, 'Gap.emproj');
    const writer = await newProject(place, { segmentBytes: 600 });
    for (let n = 1; n <= 12; n += 1) await writer.labels.append(randomStroke(seeded(n), n));
    const copy = join(project, 'Copy.emproj');
    await cp(place, copy, { recursive: true });
    await writer.close();
    await rm(join(copy, 'lock'), { recursive: true });
    const journal = join(copy, 'journal');
    const path = segmentPath(journal, 2, 1);
    const { segment } = await scanSegment(nodeFileSystem, { path, number: 2, ours: true });
    await rm(segment.path);
    const reopened = await openProject(copy, { readOnlyIfLocked: false }, quickStorage);
    const naive = new NaiveLabels();
    for (let n = 1; n <= 12; n += 1)
      if (n < (segment.first ?? 0) || n > (segment.last ?? 0))
        naive.apply(randomPatch(seeded(n), n));
    expect(await differingSlices(reopened, naive)).toEqual([]);
    expect(reopened.recovery?.message).toMatch(/strokes? (is|are) missing from the journal/);
    await reopened.close();
  });
});

/** Where each record of a segment file ends. */
async function recordEnds(path: string): Promise<number[]> {
  const bytes = await readFile(path);
  const ends: number[] = [];
  for (let at = 0; ;) {
    const read = readRecord(bytes, at);
    if (read.kind !== 'record') return ends;
    ends.push(read.end);
    at = read.end;
  }
}
