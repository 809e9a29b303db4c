import { setImmediate } from 'node:timers/promises';
import type { TrainingSession } from '../engines/engine';
import { ModelError, throwIfAborted } from '../errors';
import { initialWeights } from '../network/weights';
import { BatchSource } from './batch';
import { checkpointBytes, checkpointFromBytes, type GoodState } from './checkpoint';
import { DivergenceGuard, returnFactor } from './divergence';
import { MovingAverage } from './moving-average';
import { previewOf } from './preview';
import type { TrainingEvent, TrainingRun } from './training-run';
import { learningRateAt, progressOf } from './schedule';
import { checkLabels, checkPixels } from './training-slice';
import { validate, type ValidationResult } from './validation';

export type { TrainingEvent, TrainingRun } from './training-run';

const goodStateEvery = 25;
const previewSide = 256;
/** Checkpoints by the clock are spaced so that keeping them takes at most a twentieth of the time. */
const checkpointPatience = 20;

/**
 * Trains and reports. Each step blocks its thread for as long as the engine
 * computes; between steps other work gets its turn and an abort is noticed:
 * then one last checkpoint comes and an AbortError is thrown. Throws
 * `training.bad-input`, `labels.none`, `labels.one-class`, `training.diverged`,
 * and what the engine throws. Equal inputs and seed give equal events on the same machine, and a
 * run that is resumed gives the events that the unbroken one would have given.
 */
export async function* train(run: TrainingRun): AsyncGenerator<TrainingEvent, void, undefined> {
  const { engine, network, recipe, signal } = run;
  checkPixels(run.slices, 'train');
  checkPixels(run.validation, 'validate');
  checkLabels(run.slices);
  throwIfAborted(signal);
  const start = run.weights ?? initialWeights(network, run.seed);
  const session = await engine.compileTraining(network, start, {
    width: recipe.crop,
    height: recipe.crop,
    diceWeight: recipe.diceWeight,
    ...(recipe.otherClassWeight === undefined ? {} : { otherClassWeight: recipe.otherClassWeight }),
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: recipe.weightDecay,
    gradientClip: recipe.gradientClip,
  });
  try {
    yield* new Trainer(run, session, start).events();
  } finally {
    session.dispose();
  }
}

class Trainer {
  readonly #run: TrainingRun;
  readonly #session: TrainingSession;
  readonly #batches: BatchSource;
  readonly #average: MovingAverage;
  readonly #guard = new DivergenceGuard();
  #step = 0;
  #reported = 0;
  #seconds = 0;
  /** When the last checkpoint was kept and how long that took, in milliseconds. */
  #kept = { at: performance.now(), took: 0 };
  #best: { weights: Float32Array<ArrayBuffer>; step: number; score: number | null };
  #good: GoodState;

  constructor(run: TrainingRun, session: TrainingSession, start: Float32Array<ArrayBuffer>) {
    this.#run = run;
    this.#session = session;
    this.#batches = new BatchSource(run.slices, run.recipe, run.seed + 1, run.network.classes);
    this.#average = new MovingAverage(start, run.recipe.averageDecay);
    this.#best = { weights: start.slice(), step: 0, score: null };
    const good = run.resume === undefined ? null : this.#resume(run.resume, start.length);
    this.#good = good ?? this.#snapshot();
  }

  async *events(): AsyncGenerator<TrainingEvent, void, undefined> {
    const { recipe, signal } = this.#run;
    let completed = true;
    while (this.#progress() < 1) {
      await setImmediate();
      if (signal?.aborted === true) {
        yield this.#checkpoint();
        throwIfAborted(signal);
      }
      const began = performance.now();
      const learningRate =
        learningRateAt(this.#progressAfterThisStep(), recipe.peakLearningRate, recipe.warmUp) *
        returnFactor ** this.#guard.returns;
      const stepping = this.#session.step(this.#batches.take(), learningRate);
      this.#batches.prepare();
      const { loss, gradientNorm } = await stepping;
      const verdict = this.#guard.judge(loss, gradientNorm);
      if (verdict === 'give-up') {
        completed = false;
        break;
      }
      if (verdict === 'go-back') {
        const from = this.#step + 1;
        this.#seconds += (performance.now() - began) / 1000;
        this.#rollback();
        yield { kind: 'returned', step: from, toStep: this.#step };
        continue;
      }
      this.#step++;
      this.#average.update(this.#session.weights());
      this.#seconds += (performance.now() - began) / 1000;
      const progress = this.#progress();
      yield {
        kind: 'step',
        step: this.#step,
        loss,
        learningRate,
        progress,
        secondsLeft: (this.#seconds / progress) * (1 - progress),
      };
      if (this.#step % goodStateEvery === 0) this.#good = this.#snapshot();
      if (this.#step <= this.#reported) continue;
      this.#reported = this.#step;
      yield* this.#reports(progress);
    }
    yield* this.#finish(completed);
  }

  /** Validation, preview and checkpoint where they are due. */
  async *#reports(progress: number): AsyncGenerator<TrainingEvent, void, undefined> {
    const { engine, network, recipe, slices, validation } = this.#run;
    const due = (every: number): boolean => this.#step % every === 0;
    if (due(recipe.previewEvery) || this.#step === 1) {
      const slice = validation[0] ?? slices[0];
      if (slice !== undefined) {
        const preview = await previewOf(engine, network, this.#average.values, slice, previewSide);
        yield { kind: 'preview', step: this.#step, ...preview };
      }
    }
    if (due(recipe.validateEvery) && progress < 1) yield* this.#validate(true);
    if ((due(recipe.checkpointEvery) || this.#late()) && progress < 1) {
      const began = performance.now();
      yield this.#checkpoint();
      this.#kept = { at: performance.now(), took: performance.now() - began };
    }
  }

  /** The last checkpoint is so old that losing what came after it would hurt. */
  #late(): boolean {
    const { at, took } = this.#kept;
    const wait = Math.max(this.#run.recipe.checkpointSeconds * 1000, checkpointPatience * took);
    return performance.now() - at >= wait;
  }

  async *#validate(
    coarse: boolean,
  ): AsyncGenerator<TrainingEvent, ValidationResult | undefined, undefined> {
    const { engine, network, validation, signal } = this.#run;
    const weights = this.#average.values;
    const validated = await validate(
      engine,
      network,
      weights,
      validation,
      signal === undefined ? { coarse } : { coarse, signal },
    );
    if (validated === undefined) return undefined;
    const { result } = validated;
    if (this.#best.score === null || result.rank >= this.#best.score)
      this.#best = { weights, step: this.#step, score: result.rank };
    yield { kind: 'validation', step: this.#step, ...result };
    return result;
  }

  async *#finish(completed: boolean): AsyncGenerator<TrainingEvent, void, undefined> {
    const { engine, network, validation, signal } = this.#run;
    if (!completed && this.#best.score === null) {
      throw new ModelError(
        'training.diverged',
        'The training kept diverging and was stopped; there is no model that is worth keeping.',
        {
          hint: 'Check that images and labels belong together, or start from another model version.',
          data: { steps: this.#step },
        },
      );
    }
    let last: ValidationResult | undefined;
    if (completed) {
      last = yield* this.#validate(false);
      if (last === undefined)
        this.#best = { weights: this.#average.values, step: this.#step, score: null };
    }
    const { weights, step } = this.#best;
    const scored =
      last !== undefined && step === this.#step
        ? last
        : (
            await validate(
              engine,
              network,
              weights,
              validation,
              signal === undefined ? { coarse: false } : { coarse: false, signal },
            )
          )?.result;
    yield {
      kind: 'done',
      steps: this.#step,
      seconds: this.#seconds,
      weights,
      bestStep: step,
      completed,
      validation: scored,
    };
  }

  #progress(): number {
    return progressOf(this.#run.recipe.stop, this.#step, this.#seconds);
  }

  /** The learning rate of step n of N is taken at n / (N + 1), so that neither the first nor the last is zero. */
  #progressAfterThisStep(): number {
    const { stop } = this.#run.recipe;
    return stop.kind === 'steps' ? (this.#step + 1) / (stop.steps + 1) : this.#progress();
  }

  #snapshot(): GoodState {
    return {
      step: this.#step,
      optimiser: this.#session.state(),
      average: this.#average.values,
      averageUpdates: this.#average.updates,
    };
  }

  #rollback(): void {
    const { step, optimiser, average, averageUpdates } = this.#good;
    this.#step = step;
    this.#session.restore(optimiser);
    this.#average.restore(average, averageUpdates);
  }

  #checkpoint(): TrainingEvent {
    const state = checkpointBytes({
      step: this.#step,
      reported: this.#reported,
      seconds: this.#seconds,
      ...this.#batches.state(),
      losses: this.#guard.losses,
      returns: this.#guard.returns,
      averageUpdates: this.#average.updates,
      bestScore: this.#best.score,
      bestStep: this.#best.step,
      optimiser: this.#session.state(),
      average: this.#average.values,
      best: this.#best.weights,
      good: this.#good.step === this.#step ? null : this.#good,
    });
    return { kind: 'checkpoint', step: this.#step, state };
  }

  /** Returns the state to go back to, null where it is the one resumed. */
  #resume(bytes: Uint8Array, parameters: number): GoodState | null {
    const checkpoint = checkpointFromBytes(bytes, parameters);
    this.#step = checkpoint.step;
    this.#reported = checkpoint.reported;
    this.#seconds = checkpoint.seconds;
    this.#batches.restore(checkpoint);
    this.#guard.restore(checkpoint.losses, checkpoint.returns);
    this.#average.restore(checkpoint.average, checkpoint.averageUpdates);
    this.#best = {
      weights: checkpoint.best,
      step: checkpoint.bestStep,
      score: checkpoint.bestScore,
    };
    this.#session.restore(checkpoint.optimiser);
    return checkpoint.good;
  }
}
