import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#main/diagnostics/log';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { nodeLauncher } from '../compute/node-launcher';
import { bundleEntry } from '../compute/testing/bundle';
import { labour, sum, wait, type Labour } from '../compute/testing/toy-requests';
import type { Candidate, EngineWish } from './candidate';
import { EngineProfileStore, lessonText } from './engine-profile-store';
import { EngineManager } from './engine-manager';
import type { Machine } from './machine';
import { probedReport } from './refusal';

const machine: Machine = {
  app: '1',
  runtime: 'Node',
  processor: 'A',
  threads: 1,
  adapters: [],
  libraries: { onnx: '1' },
};
const never = new AbortController().signal;
const passes = {
  ok: true,
  maxError: 1e-6,
  tolerance: 2e-3,
  forwardMs: 10,
  stepMs: 20,
  fastMs: null,
};
const onnx: Candidate = { name: 'onnx', device: 'cpu', provider: 'cpu' };
const tensorflow: Candidate = { name: 'tensorflow', device: 'cpu', provider: 'cpu' };

let entry: string;
let folder: string;
const rooms: EngineManager[] = [];
let log: string[];

beforeAll(async () => {
  entry = await bundleEntry('main/compute/testing/toy-entry.ts');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-engines-'));
  log = [];
});
afterEach(async () => {
  for (const room of rooms.splice(0)) room.dispose();
  await rm(folder, { recursive: true, force: true });
});

const memoryOf = (): Promise<EngineProfileStore> =>
  EngineProfileStore.open(folder, writeFileAtomic, silentLog);

/** A room as the app opens it after a start: with what is on the disk. */
async function room(wish: Partial<EngineWish> = {}): Promise<EngineManager> {
  const made = new EngineManager({
    launcher: nodeLauncher(entry),
    machine,
    memory: await memoryOf(),
    wish: () => ({ engine: 'auto', device: 'auto', provider: 'auto', ...wish }),
    log: (text) => log.push(text),
  });
  rooms.push(made);
  return made;
}

/** Work done for a network of so many base filters: what it ran on, and what was remarked. */
async function work(
  here: EngineManager,
  fate: Labour['fate'],
  survives: { readonly tile?: number; readonly engine?: 'tensorflow' },
  baseFilters = 8,
): Promise<{ readonly ran: string; readonly remarks: string[] }> {
  const remarks: string[] = [];
  const ran = await here.forJob('segment', baseFilters).call(
    labour,
    (choice): Labour => ({
      choice,
      fate,
      tile: survives.tile ?? 0,
      engine: survives.engine ?? 'none',
      mark: join(folder, 'mark'),
    }),
    { signal: never, remark: (text) => remarks.push(text) },
  );
  return { ran, remarks };
}

describe('jobs on different engines', () => {
  it('run beside each other: one that asks for another engine ends nobody’s process', async () => {
    const here = await room();
    const choice = (name: 'onnx' | 'tensorflow') =>
      ({ engine: name, device: 'cpu', provider: 'cpu', threads: 1 }) as const;
    const controller = new AbortController();
    const training = here.client(choice('tensorflow'));
    let begin = (): void => undefined;
    const begun = new Promise<void>((done) => {
      begin = done;
    });
    const waiting = training.call(wait, null, {
      signal: controller.signal,
      onProgress: () => {
        begin();
      },
    });
    await begun;
    const { pid } = training;
    const values = Float32Array.of(1, 2);
    expect(await here.client(choice('onnx')).call(sum, { values }, { signal: never })).toBe(3);
    expect(training.pid).toBe(pid);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => training.pid).toBeNull();
    expect(await training.call(sum, { values }, { signal: never })).toBe(3);
  });
});

describe('a job whose process dies', () => {
  it('goes on as it was after kills from outside, and teaches the next one nothing', async () => {
    const here = await room();
    const { ran, remarks } = await work(here, 'killed-five-times', {});
    expect(ran).toBe('onnx whole');
    expect(remarks).toHaveLength(5);
    expect(new Set(remarks)).toEqual(
      new Set(['ONNX Runtime · CPU was ended from outside; started again.']),
    );
    expect(here.record.lessons).toEqual([]);
  });

  it('goes on in smaller tiles, says so, and the next one starts there', async () => {
    const first = await room();
    expect(await work(first, 'segfault', { tile: 336 })).toEqual({
      ran: 'onnx 336',
      remarks: [
        'ONNX Runtime · CPU crashed; went on with tiles of 448 pixels.',
        'ONNX Runtime · CPU crashed; went on with tiles of 336 pixels.',
      ],
    });
    expect(log.join('\n')).toContain('toy.labour: The compute process was ended by SIGSEGV.');
    first.dispose();
    // After a restart of the app too.
    await expect.poll(() => readFile(join(folder, 'engines.json'), 'utf8')).toContain('336');
    const next = await room();
    expect(await work(next, 'segfault', { tile: 336 })).toEqual({ ran: 'onnx 336', remarks: [] });
    expect(next.record.lessons.map(lessonText)).toEqual([
      'Segmenting with 8 base filters: ONNX Runtime · CPU crashed; went on with tiles of 336 pixels.',
    ]);
  });

  it('goes on with the next engine when no portion is small enough', async () => {
    const here = await room();
    const { ran, remarks } = await work(here, 'exit-5', { engine: 'tensorflow' });
    expect(ran).toBe('tensorflow whole');
    expect(remarks.at(-1)).toBe(
      'ONNX Runtime · CPU ran out of memory; went on with TensorFlow · CPU.',
    );
    expect(here.pick('segment', 8)).toEqual({ ...tensorflow, why: 'learned' });
    expect(here.pick('train', 8)).toMatchObject(onnx);
  });

  it('is spared for narrower networks by nothing that wider ones met', async () => {
    const here = await room();
    await work(here, 'out-of-memory', { tile: 448 }, 64);
    expect((await work(here, 'bad-page', { tile: 512 }, 8)).ran).toBe('onnx whole');
    expect((await work(here, 'out-of-memory', { tile: 448 }, 64)).ran).toBe('onnx 448');
  });

  it('starts once more as it was after a kill, and nothing is learnt from it', async () => {
    const here = await room();
    const { ran, remarks } = await work(here, 'killed-once', {});
    expect(ran).toBe('again');
    expect(remarks).toEqual(['ONNX Runtime · CPU was ended from outside; started again.']);
    expect(here.record.lessons).toEqual([]);
  });

  it.each([
    ['nothing is left', 'segfault', 'compute.crashed', 2],
    ['the engine is not to blame', 'bad-page', 'stack.page-unreadable', 0],
  ] as const)('ends with its error when %s', async (_, fate, code, steps) => {
    const here = await room({ engine: 'onnx', device: 'cpu' });
    await expect(work(here, fate, {})).rejects.toMatchObject({ code });
    expect(log.filter((text) => text.includes('went on'))).toHaveLength(steps);
    expect(here.record.lessons).toEqual([]);
  });
});

describe('what was asked for', () => {
  it('is refused with the reasons when nothing of it passes', async () => {
    const here = await room({ engine: 'tensorflow' });
    const memory = await memoryOf();
    await memory.keepProbe(machine, [
      probedReport(onnx, passes),
      probedReport(tensorflow, { ...passes, ok: false, maxError: 0.2 }),
    ]);
    const later = await room({ engine: 'tensorflow' });
    await expect(work(later, 'segfault', {})).rejects.toMatchObject({
      code: 'engine.unavailable',
      message: expect.stringContaining('wrong numbers') as unknown,
    });
    here.dispose();
  });

  it('is not overruled by what another job learnt', async () => {
    const here = await room();
    await work(here, 'exit-5', { engine: 'tensorflow' });
    const firm = await room({ engine: 'onnx', device: 'cpu' });
    expect(firm.pick('segment', 8)).toMatchObject(onnx);
  });
});

describe('the memory of a machine', () => {
  const changes: readonly (readonly [string, Partial<Machine>, boolean])[] = [
    ['nothing', {}, true],
    ['the app', { app: '2' }, false],
    ['a driver', { adapters: ['NVIDIA 550'] }, false],
    ['a library', { libraries: { onnx: '2' } }, false],
    ['a new engine', { libraries: { onnx: '1', tensorflow: '2' } }, false],
    ['the threads', { threads: 2 }, false],
    ['the runtime', { runtime: 'Electron' }, false],
  ];
  it.each(changes)('after a change of %s', async (_, change, known) => {
    await (await memoryOf()).keepProbe(machine, [probedReport(onnx, passes)]);
    const { probed, reports } = (await memoryOf()).recall({ ...machine, ...change });
    expect(probed !== null).toBe(known);
    expect(reports).toHaveLength(known ? 1 : 0);
  });

  it('keeps what it knows of the other when two share a folder', async () => {
    const memory = await memoryOf();
    await memory.keepProbe(machine, [probedReport(onnx, passes)]);
    await memory.keepProbe({ ...machine, threads: 2 }, []);
    expect(memory.recall(machine).reports).toHaveLength(1);
  });

  it('forgets lessons with a new probe', async () => {
    const here = await room();
    await work(here, 'exit-5', { tile: 448 });
    expect(here.record.lessons).toHaveLength(1);
    await here.probe({ signal: never, candidates: [onnx] });
    expect(here.record).toMatchObject({ lessons: [], reports: [{ name: 'onnx' }] });
  });

  it('starts anew after damage', async () => {
    await writeFile(join(folder, 'engines.json'), '{"machines": [{"machine": 7');
    expect((await memoryOf()).recall(machine).probed).toBeNull();
  });
});
