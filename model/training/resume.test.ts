import { describe, expect, it, vi } from 'vitest';
import type { Engine, TrainingSession } from '../engines/engine';
import { selectEngine } from '../engines/select';
import { ModelError } from '../errors';
import { unet } from '../network/unet';
import { trainingRecipe, type Recipe } from './defaults';
import { learningRateAt } from './schedule';
import { cells } from './testing/cells';
import { train } from './trainer';
import type { TrainingEvent, TrainingRun } from './training-run';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 240_000 });

/** Every engine that trains here; their CPU kernels must give the same bits twice. */
const engineNames = ['onnx', 'tensorflow'] as const;

const steps = 30;
const recipe: Recipe = {
  ...trainingRecipe,
  stop: { kind: 'steps', steps },
  batch: 2,
  microBatch: 1,
  crop: 16,
  plan: [
    { group: 'labels', share: 0.7 },
    { group: 'replay', share: 0.3 },
  ],
  validateEvery: 9,
  previewEvery: 10,
  checkpointEvery: 1,
};
const network = unet({
  baseFilters: 4,
  levels: 1,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
});

function runOf(engine: Engine, changes: Partial<TrainingRun> = {}): TrainingRun {
  const { image, width, height, target } = cells(24, 3);
  return {
    engine,
    network,
    slices: [cells(40, 1), cells(40, 2, 'replay')],
    validation: [{ image, width, height, target }],
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

/** Everything but the clock and the checkpoints, which hold the clock. */
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

/** The engine, but a step blows up once: it does no more at the lowered rate of a return. */
function explosive(engine: Engine, at: number): Engine {
  const usual = learningRateAt(at / (steps + 1), recipe.peakLearningRate, recipe.warmUp);
  return {
    ...engine,
    memory: () => engine.memory(),
    compileInference: (...args) => engine.compileInference(...args),
    async compileTraining(...args): Promise<TrainingSession> {
      const session = await engine.compileTraining(...args);
      return {
        ...session,
        step: async (batches, learningRate) =>
          session.state().updates === at - 1 && learningRate > usual / 2
            ? { loss: Number.NaN, gradientNorm: 1 }
            : session.step(batches, learningRate),
      };
    },
  };
}

describe.each(engineNames)('a training on %s that stops at any step and goes on', (name) => {
  const prepared = selectEngine({ engine: name, device: 'cpu', threads: 1 }).catch(
    (error: unknown) => {
      if (error instanceof ModelError) return error.message;
      throw error;
    },
  );

  async function everyStep(
    wrap: (engine: Engine) => Engine,
    first: number,
  ): Promise<TrainingEvent[]> {
    const engine = await prepared;
    if (typeof engine === 'string') return [];
    const run = runOf(wrap(engine));
    const whole = await eventsOf(run);
    const checkpoints = whole.filter((event) => event.kind === 'checkpoint');
    expect(checkpoints.map(({ step }) => step)).toEqual(
      Array.from({ length: steps - 1 }, (_, i) => i + 1),
    );
    for (const checkpoint of checkpoints.slice(first - 1)) {
      const rest = await eventsOf({ ...run, resume: checkpoint.state });
      const expected = timeless(whole.slice(whole.indexOf(checkpoint) + 1));
      expect(timeless(rest), `from step ${checkpoint.step}`).toEqual(expected);
    }
    return whole;
  }

  it('ends with the same losses, validations, best step and weights, bit by bit', async (context) => {
    if (typeof (await prepared) === 'string') context.skip();
    const whole = await everyStep((engine) => engine, 1);
    expect(new Set(whole.map(({ kind }) => kind))).toEqual(
      new Set(['step', 'validation', 'preview', 'checkpoint', 'done']),
    );
  });

  it('also where the loss ran away before or after, at the same lowered rate', async (context) => {
    if (typeof (await prepared) === 'string') context.skip();
    const whole = await everyStep((engine) => explosive(engine, 28), 24);
    expect(whole.filter(({ kind }) => kind === 'returned')).toEqual([
      { kind: 'returned', step: 28, toStep: 25 },
    ]);
  });

  it('uses the time that is left, not all of it again', async (context) => {
    const engine = await prepared;
    if (typeof engine === 'string') return context.skip();
    const timedFor = (minutes: number): Recipe => ({
      ...recipe,
      stop: { kind: 'minutes', minutes, mostSteps: 1_000_000 },
    });
    // On a busy machine the time may be over before the first checkpoint: then more of it.
    let timed = timedFor(0.01);
    let whole: TrainingEvent[] = [];
    for (let factor = 1; !whole.some(({ kind }) => kind === 'checkpoint'); factor *= 4) {
      timed = timedFor(0.01 * factor);
      whole = await eventsOf(runOf(engine, { recipe: timed, validation: [] }));
    }
    const checkpoints = whole.filter((event) => event.kind === 'checkpoint');
    const checkpoint = checkpoints[Math.floor(checkpoints.length / 2)];
    if (checkpoint === undefined) throw new Error('there is no checkpoint');
    const shares = whole.flatMap((event) =>
      event.kind === 'step' && event.step === checkpoint.step ? [event.progress] : [],
    );
    const [first] = await eventsOf(
      runOf(engine, { recipe: timed, validation: [], resume: checkpoint.state }),
    );
    if (first?.kind !== 'step') throw new Error('the resumed run has no step');
    expect(first.step).toBe(checkpoint.step + 1);
    expect(first.progress).toBeGreaterThan(shares[0] ?? 1);
  });
});
