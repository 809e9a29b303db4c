import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engines/engine';
import { selectEngine } from '../engines/select';
import { ModelError } from '../errors';
import { unet } from '../network/unet';
import { trainingRecipe, type Recipe } from './defaults';
import { train } from './trainer';
import type { TrainingEvent, TrainingRun } from './training-run';
import { cells } from './testing/cells';
import { checkLabels, checkPixels, type TrainingSlice } from './training-slice';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

const recipe: Recipe = {
  ...trainingRecipe,
  stop: { kind: 'steps', steps: 24 },
  crop: 32,
  validateEvery: 10,
  previewEvery: 12,
  checkpointEvery: 8,
};

async function engineOrReason(): Promise<Engine | string> {
  try {
    return await selectEngine({ engine: 'tensorflow', device: 'auto', threads: 2 });
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

const engine = await engineOrReason();
const network = unet({
  baseFilters: 4,
  levels: 2,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
});

function runOf(changes: Partial<TrainingRun> = {}): TrainingRun {
  if (typeof engine === 'string') throw new Error(engine);
  return {
    engine,
    network,
    slices: [cells(64, 1), cells(64, 2)],
    validation: [cells(48, 3)].map(({ image, width, height, target }) => ({
      image,
      width,
      height,
      target,
    })),
    recipe,
    seed: 5,
    ...changes,
  };
}

async function eventsOf(run: TrainingRun): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(run)) events.push(event);
  return events;
}

/** What must be equal in two runs: everything but the clock. */
const timeless = (events: readonly TrainingEvent[]): unknown[] =>
  events.flatMap((event): unknown[] => {
    switch (event.kind) {
      case 'step':
        return [{ ...event, secondsLeft: 0 }];
      case 'done':
        return [{ ...event, seconds: 0 }];
      case 'checkpoint':
        return [];
      default:
        return [event];
    }
  });

describe.skipIf(typeof engine === 'string')(
  `training${typeof engine === 'string' ? ` (skipped: ${engine})` : ''}`,
  () => {
    it('lowers the loss, finds the walls and reports loss, validation, previews and checkpoints', async () => {
      const events = await eventsOf(
        runOf({
          recipe: { ...recipe, stop: { kind: 'steps', steps: 60 }, peakLearningRate: 1e-2 },
        }),
      );
      const losses = events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []));
      expect(losses).toHaveLength(60);
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
      const done = events.at(-1);
      expect(done).toMatchObject({ kind: 'done', steps: 60, completed: true });
      if (done?.kind !== 'done') return;
      expect(done.validation?.dice).toBeGreaterThan(0.9);
      expect(done.validation?.vInfo).toBeGreaterThan(0.9);
      const kinds = new Set(events.map(({ kind }) => kind));
      expect(kinds).toEqual(new Set(['step', 'validation', 'preview', 'checkpoint', 'done']));
      const preview = events.find((event) => event.kind === 'preview');
      expect(preview).toMatchObject({ step: 1, width: 48, height: 48 });
    });

    it('goes on from a checkpoint as if it had never stopped', async () => {
      const whole = await eventsOf(runOf());
      const checkpoint = whole.find((event) => event.kind === 'checkpoint' && event.step === 16);
      if (checkpoint?.kind !== 'checkpoint') throw new Error('There is no checkpoint at step 16.');
      const rest = await eventsOf(runOf({ resume: checkpoint.state }));
      expect(rest[0]).toMatchObject({ kind: 'step', step: 17 });
      const expected = timeless(whole.slice(whole.indexOf(checkpoint) + 1));
      expect(expected.length).toBeGreaterThan(8);
      expect(timeless(rest)).toEqual(expected);
    });

    it('gives another model for another seed', async () => {
      const short: Recipe = { ...recipe, stop: { kind: 'steps', steps: 2 } };
      const [a, b, c] = [
        await eventsOf(runOf({ recipe: short })),
        await eventsOf(runOf({ recipe: short })),
        await eventsOf(runOf({ recipe: short, seed: 6 })),
      ];
      expect(timeless(a)).toEqual(timeless(b));
      expect(timeless(a)).not.toEqual(timeless(c));
    });

    it('stops within one step when cancelled, and leaves a checkpoint to go on from', async () => {
      const stop = new AbortController();
      const events: TrainingEvent[] = [];
      const running = (async () => {
        for await (const event of train(runOf({ signal: stop.signal }))) {
          events.push(event);
          if (event.kind === 'step' && event.step === 5) stop.abort();
        }
      })();
      await expect(running).rejects.toMatchObject({ name: 'AbortError' });
      expect(events.at(-1)).toMatchObject({ kind: 'checkpoint', step: 5 });
      const last = events.at(-1);
      if (last?.kind !== 'checkpoint') return;
      const [next] = await eventsOf(
        runOf({ resume: last.state, recipe: { ...recipe, stop: { kind: 'steps', steps: 6 } } }),
      );
      expect(next).toMatchObject({ kind: 'step', step: 6 });
    });

    it('stops when its minutes are over', async () => {
      const events = await eventsOf(
        runOf({
          validation: [],
          recipe: { ...recipe, stop: { kind: 'minutes', minutes: 0.002, mostSteps: 100_000 } },
        }),
      );
      expect(events.at(-1)).toMatchObject({ kind: 'done', completed: true });
      expect(events.length).toBeLessThan(200);
    });

    it('leaves nothing in the engine, finished or not', async () => {
      const run = runOf();
      const before = run.engine.memory();
      const events = train(run);
      await events.next();
      await events.return(undefined);
      await eventsOf(run);
      expect(run.engine.memory()).toEqual(before);
    });

    it('holds as many tensors and as much memory after 500 steps as after 100', async () => {
      const run = runOf({
        recipe: {
          ...recipe,
          stop: { kind: 'steps', steps: 500 },
          batch: 2,
          crop: 16,
          previewEvery: 250,
          checkpointEvery: 250,
        },
        slices: [cells(32, 1)],
        validation: [],
      });
      const mebibyte = 2 ** 20;
      const seen: { memory: unknown; resident: number }[] = [];
      for await (const event of train(run)) {
        if (event.kind !== 'step' || event.step % 100 !== 0) continue;
        seen.push({ memory: run.engine.memory(), resident: process.memoryUsage.rss() / mebibyte });
      }
      expect(seen).toHaveLength(5);
      for (const { memory } of seen) expect(memory).toEqual(seen[0]?.memory);
      // Measured: 3 MiB. What was not collected yet may add to it.
      expect((seen[4]?.resident ?? Infinity) - (seen[0]?.resident ?? 0)).toBeLessThan(64);
    });

    it('refuses pixels that hold no number, before the engine does anything', async () => {
      const slice = cells(64, 1);
      slice.image[70] = Number.NaN;
      const before = runOf().engine.memory();
      await expect(eventsOf(runOf({ slices: [cells(64, 2), slice] }))).rejects.toMatchObject({
        code: 'training.bad-input',
        data: { part: 'image', index: 1, pixels: 1 },
      });
      await expect(eventsOf(runOf({ validation: [slice] }))).rejects.toMatchObject({
        code: 'training.bad-input',
        message: expect.stringContaining('to validate on') as unknown,
      });
      expect(runOf().engine.memory()).toEqual(before);
    });

    it('refuses a checkpoint of another network', async () => {
      const first = await eventsOf(runOf());
      const checkpoint = first.find((event) => event.kind === 'checkpoint');
      if (checkpoint?.kind !== 'checkpoint') throw new Error('There is no checkpoint.');
      const other = unet({
        baseFilters: 2,
        levels: 2,
        inputChannels: 1,
        classes: 1,
        normalisation: 'none',
      });
      await expect(
        eventsOf(runOf({ network: other, resume: checkpoint.state })),
      ).rejects.toMatchObject({ code: 'model.shape-mismatch' });
      await expect(
        eventsOf(runOf({ resume: checkpoint.state.subarray(0, 5000) })),
      ).rejects.toMatchObject({ code: 'model.corrupt' });
    });
  },
);

describe('labels that teach nothing', () => {
  it('are refused in words that say what to paint', () => {
    const slice = cells(64, 1);
    const blank = { ...slice, weight: new Uint8Array(64 * 64) };
    expect(() => {
      checkLabels([blank]);
    }).toThrow(expect.objectContaining({ code: 'labels.none' }));
    expect(() => {
      checkLabels([{ ...slice, target: new Uint8Array(64 * 64) }]);
    }).toThrow(expect.objectContaining({ code: 'labels.one-class' }));
    expect(() => {
      checkLabels([slice]);
    }).not.toThrow();
  });
});

describe('pixels that hold no number', () => {
  it.each([Number.NaN, Infinity, -Infinity])('are refused: %d', (value) => {
    const slice = cells(64, 1);
    const refused = (changed: TrainingSlice): void => {
      expect(() => {
        checkPixels([slice, changed], 'train');
      }).toThrow(expect.objectContaining({ code: 'training.bad-input' }));
    };
    const with1 = (values: ArrayLike<number>): Float32Array<ArrayBuffer> =>
      Float32Array.from(values, (old, i) => (i === 99 ? value : old));
    refused({ ...slice, image: with1(slice.image) });
    refused({ ...slice, weight: with1(slice.weight) });
    expect(() => {
      checkPixels([slice], 'train');
    }).not.toThrow();
  });
});
