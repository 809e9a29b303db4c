import type { LossPoint } from '#contract/entities';
import type { Engine } from '#model/engines/engine';
import type { Network } from '#model/network/network';
import type { Recipe } from '#model/training/defaults';
import {
  train as runTraining,
  type TrainingEvent,
  type TrainingRun,
} from '#model/training/trainer';
import type { CallContext } from '../request';
import type { TrainParams, TrainProgress } from '../requests';
import { writeCheckpoint } from './checkpoint-file';
import type { LoadedNetwork } from './loaded-network';
import { toScores } from './scores';

/** What both kinds of training share. */
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

/** Loss shown at the end: the mean of the last steps, since a single one is noisy. */
const LOSS_STEPS = 20;

/** Runs the trainer, passes its events on and collects the curve. */
export async function follow(
  run: Omit<TrainingRun, 'signal'>,
  { params, context }: TrainSetting,
): Promise<TrainedRun> {
  const { signal, progress } = context;
  const curve: LossPoint[] = [];
  for await (const event of runTraining({ ...run, signal })) {
    switch (event.kind) {
      case 'step': {
        const { step, loss, learningRate, secondsLeft } = event;
        curve.push({ step, loss });
        const steps = Math.max(step, Math.round(step / event.progress));
        progress({ kind: 'step', step, steps, loss, learningRate, secondsLeft });
        break;
      }
      case 'validation': {
        const scores = toScores(event);
        const last = curve.at(-1);
        if (last !== undefined) curve[curve.length - 1] = { ...last, validation: event.rank };
        if (scores !== null)
          progress({ kind: 'validation', step: event.step, scores, loss: last?.loss ?? 0 });
        break;
      }
      case 'preview':
        progress(event);
        break;
      case 'checkpoint':
        if (params.checkpoint === null) break;
        await writeCheckpoint(params.checkpoint.path, event.state);
        progress({ kind: 'checkpoint', step: event.step });
        break;
      case 'returned':
        curve.splice(0, curve.length, ...curve.filter(({ step }) => step <= event.toStep));
        progress({
          kind: 'note',
          note: `The loss ran away at step ${event.step}; went back to step ${event.toStep} with a lower learning rate`,
        });
        break;
      case 'done': {
        const last = curve.slice(-LOSS_STEPS);
        return {
          weights: event.weights,
          steps: event.steps,
          seconds: event.seconds,
          finalLoss: last.reduce((sum, { loss }) => sum + loss, 0) / Math.max(1, last.length),
          curve,
          done: event,
        };
      }
    }
  }
  throw new Error('the trainer ended without a result');
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
    weightDecay,
    gradientClip: recipe.gradientClip,
    deformed: recipe.augmentation.elastic,
    plan: recipe.plan.map(({ group, share }) => `${group} ${share}`).join(', '),
  };
}

/** Channels of the first level, as the network's name or first convolution has it. */
export function baseFiltersOf(network: Network): number {
  for (const layer of network.layers) if (layer.kind === 'convolution') return layer.outputChannels;
  return 0;
}
