import type { LossPoint } from '#contract/entities';
import { MembranaError, toErrorReport } from '#contract/errors';
import type { Engine } from '#model/engines/engine';
import type { Network } from '#model/network/network';
import type { Recipe } from '#model/training/defaults';
import {
  train as runTraining,
  type TrainingEvent,
  type TrainingRun,
} from '#model/training/trainer';
import type { CallContext } from '../../request';
import type { TrainParams, TrainProgress, TrainResult } from '../../requests';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file';
import type { LoadedNetwork } from '../loaded-network';
import { LossCurve } from './loss-curve';
import { toScores } from '../scores/scores';

/** What all kinds of training share. */
export interface TrainSetting {
  readonly params: TrainParams;
  readonly context: CallContext<TrainProgress>;
  readonly engine: Engine;
  readonly network: Network;
  readonly start: LoadedNetwork | null;
}

export interface TrainedRun {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly steps: number;
  readonly seconds: number;
  readonly finalLoss: number;
  readonly curve: LossPoint[];
  readonly done: Extract<TrainingEvent, { kind: 'done' }>;
}

/**
 * Runs the trainer, passes its events on, collects the curve and keeps
 * checkpoints. Goes on from the checkpoint where the parameters say so.
 * @throws MembranaError file.not-found, model.corrupt when the checkpoint can't be used
 */
export async function follow(
  run: Omit<TrainingRun, 'signal' | 'resume'>,
  { params, context }: TrainSetting,
): Promise<TrainedRun> {
  const { signal, progress } = context;
  const { checkpoint } = params;
  const kept = checkpoint?.resume === true ? await readCheckpoint(checkpoint.path) : null;
  const curve = new LossCurve(kept?.curve);
  const every = checkpoint?.every ?? run.recipe.checkpointEvery;
  const recipe = { ...run.recipe, checkpointEvery: every };
  const resume = kept === null ? {} : { resume: kept.state };
  for await (const event of runTraining({ ...run, recipe, ...resume, signal })) {
    switch (event.kind) {
      case 'step': {
        const { step, loss, learningRate, secondsLeft } = event;
        curve.add(step, loss);
        const steps = recipe.stop.kind === 'steps' ? recipe.stop.steps : null;
        const share = Math.min(1, event.progress);
        progress({ kind: 'step', step, steps, share, loss, learningRate, secondsLeft });
        break;
      }
      case 'validation': {
        const scores = toScores(event);
        const loss = curve.validated(event.rank);
        if (scores !== null) progress({ kind: 'validation', step: event.step, scores, loss });
        break;
      }
      case 'preview':
        progress(event);
        break;
      case 'checkpoint':
        if (checkpoint === null) break;
        try {
          await writeCheckpoint(checkpoint.path, { state: event.state, curve: curve.points });
          progress({ kind: 'checkpoint', step: event.step });
        } catch (error) {
          // A full disk must not end a training that may still succeed.
          const { message } = toErrorReport(error);
          progress({ kind: 'note', note: `Step ${event.step} could not be kept: ${message}` });
        }
        break;
      case 'returned':
        curve.cut(event.toStep);
        progress({
          kind: 'note',
          note: `The loss ran away at step ${event.step}; went back to step ${event.toStep} with a lower learning rate`,
        });
        break;
      case 'done':
        return {
          weights: event.weights,
          steps: event.steps,
          seconds: event.seconds,
          finalLoss: curve.finalLoss,
          curve: [...curve.points],
          done: event,
        };
    }
  }
  throw new Error('the trainer ended without a result');
}

/** Tells in words what is being done. */
export function noting({ context }: TrainSetting): (text: string) => void {
  return (note) => {
    context.progress({ kind: 'note', note });
  };
}

/**
 * The version that a training goes on from.
 * @throws MembranaError model.not-found where it would begin with a fresh network
 */
export function startOf(
  { start }: TrainSetting,
  { what, hint }: { readonly what: 'Fitting' | 'Retraining'; readonly hint: string },
): LoadedNetwork {
  if (start !== null) return start;
  const message = `${what} needs a model version to start from.`;
  throw new MembranaError('model.not-found', message, { hint });
}

/** What every result says of the run itself. */
export function runResult({ engine }: TrainSetting, network: Network, run: TrainedRun) {
  return {
    engine: engine.description,
    device: engine.device,
    network: { ...network },
    baseFilters: baseFiltersOf(network),
    weights: run.weights,
    steps: run.steps,
    seconds: run.seconds,
    finalLoss: run.finalLoss,
    curve: run.curve,
  } satisfies Partial<TrainResult>;
}

/** The numbers of a recipe for the model card. */
export function recipeRecord(recipe: Recipe): Record<string, string | number | boolean> {
  const { batch, crop, peakLearningRate, warmUp, averageDecay, diceWeight, weightDecay } = recipe;
  return {
    optimiser: 'AdamW',
    batch,
    crop,
    peakLearningRate,
    warmUp,
    averageDecay,
    diceWeight,
    ...(recipe.otherClassWeight === undefined ? {} : { otherClassWeight: recipe.otherClassWeight }),
    weightDecay,
    gradientClip: recipe.gradientClip,
    deformed: recipe.augmentation.elastic,
    plan: recipe.plan.map(({ group, share }) => `${group} ${share}`).join(', '),
  };
}

/** Channels of the first level, as the network's name or first convolution has it. */
function baseFiltersOf(network: Network): number {
  for (const layer of network.layers) if (layer.kind === 'convolution') return layer.outputChannels;
  return 0;
}
