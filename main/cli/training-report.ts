import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MembranaError } from '#contract/errors';
import { leftOut } from '../jobs/training-progress';
import type { TrainingProgress } from '../jobs/resumable-training';
import type { Progress } from './progress';

/** What a training streams, for a person at a terminal. */
export function reportTraining(event: TrainingProgress, progress: Progress): void {
  switch (event.kind) {
    case 'step':
      progress.report(
        `loss ${event.loss.toFixed(3)}, step`,
        event.step,
        event.steps ?? 0,
        event.secondsLeft,
      );
      break;
    case 'validation':
      progress.note(
        `step ${event.step}: V_Info ${event.scores.vInfo.toFixed(4)}, V_Rand ${event.scores.vRand.toFixed(4)}, Dice ${event.scores.dice.toFixed(4)}`,
      );
      break;
    case 'restarted':
      progress.note(event.note);
      break;
    case 'left-out':
      progress.note(leftOut(event));
      break;
    case 'warning':
      progress.note(event.note);
      break;
    case 'note':
    case 'checkpoint':
    case 'preview':
      break;
  }
}

/** @throws MembranaError file.write-failed where the model's folder is there already */
export async function refuseExisting(out: string): Promise<void> {
  if ((await stat(out).catch(() => null)) === null) return;
  throw new MembranaError('file.write-failed', `"${basename(out)}" exists already.`, {
    hint: 'Model versions are never changed: choose another name for --out, or delete the old folder first.',
    data: { model: basename(out) },
  });
}
