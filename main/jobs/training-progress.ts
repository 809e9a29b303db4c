import { basename } from 'node:path';
import { sliceMark } from '#contract/slice-marks';
import type { JobContext, JobProgress } from './job-queue';
import type { PreviewRing } from './preview-ring';
import type { TrainingProgress } from './resumable-training';

type Step = Extract<TrainingProgress, { kind: 'step' }>;

/** How far a training is: by its steps where their number is known, else by the clock. */
function countOf({ step, steps, share }: Step): Omit<JobProgress, 'note'> {
  return steps === null
    ? { done: Math.floor(share * 100), total: 100, unit: 'percent' }
    : { done: step, total: steps, unit: 'steps' };
}

/** Slices that taught nothing, for a person. */
export const leftOut = ({
  image,
  slices,
}: Extract<TrainingProgress, { kind: 'left-out' }>): string =>
  `Slices ${sliceMark(slices)} of ${basename(image)} show no tissue and were left out.`;

/**
 * Passes what a training streams on: to the job's progress, to the loss curve,
 * to the pictures. Progress never goes back: a training that goes on from a
 * checkpoint, or on another engine, says so until it is where it was.
 */
export function forwardTraining(
  { id, progress, training, remark }: JobContext,
  previews: PreviewRing,
): (event: TrainingProgress) => void {
  let reached: Omit<JobProgress, 'note'> = { done: 0, total: 0, unit: 'steps' };
  let furthest = 0;
  let restarted = '';
  return (event) => {
    switch (event.kind) {
      case 'note':
      case 'warning':
        progress({ ...reached, note: event.note });
        break;
      case 'left-out':
        remark(leftOut(event));
        break;
      case 'step': {
        const { step, steps, share, loss, learningRate } = event;
        const count = countOf(event);
        reached = { ...count, done: Math.max(count.done, reached.done) };
        const at = steps === null ? `Step ${step}, loss` : 'Loss';
        const again = step < furthest ? `, again from step ${step} of ${furthest}` : '';
        furthest = Math.max(furthest, step);
        progress({ ...reached, note: `${at} ${loss.toFixed(3)}${again || restarted}` });
        training({ kind: 'step', step, steps, share, loss, learningRate });
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
        progress({ ...reached, note: event.note });
        restarted = `, went on from step ${event.step} after a crash`;
        break;
      case 'checkpoint':
        break;
    }
  };
}
