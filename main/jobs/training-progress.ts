import { basename } from 'node:path';
import { sliceMark } from '#contract/slice-marks';
import type { JobContext } from './job-queue';
import type { PreviewRing } from './preview-ring';
import type { TrainingProgress } from './unbroken-training';

/** Slices that taught nothing, for a person. */
export const leftOut = ({
  image,
  slices,
}: Extract<TrainingProgress, { kind: 'left-out' }>): string =>
  `Slices ${sliceMark(slices)} of ${basename(image)} show no tissue and were left out.`;

/** Passes what a training streams on: to the job's progress, to the loss curve, to the pictures. */
export function forwardTraining(
  { id, progress, training, remark }: JobContext,
  previews: PreviewRing,
): (event: TrainingProgress) => void {
  let steps = { done: 0, total: 0 };
  let restarted = '';
  return (event) => {
    switch (event.kind) {
      case 'note':
        progress({ ...steps, unit: 'steps', note: event.note });
        break;
      case 'left-out':
        remark(leftOut(event));
        break;
      case 'step': {
        const { step, loss, learningRate } = event;
        steps = { done: step, total: event.steps };
        progress({ ...steps, unit: 'steps', note: `Loss ${loss.toFixed(3)}${restarted}` });
        training({ kind: 'step', step, steps: event.steps, loss, learningRate });
        break;
      }
      case 'validation':
        training(event);
        break;
      case 'preview': {
        const { step, width, height, feature, target, prediction } = event;
        previews.add(id, { step, width, height, feature, target, prediction });
        training({ kind: 'preview', step, width, height });
        break;
      }
      case 'restarted':
        progress({ ...steps, unit: 'steps', note: event.note });
        restarted = `, went on from step ${event.step} after a crash`;
        break;
      case 'checkpoint':
        break;
    }
  };
}
