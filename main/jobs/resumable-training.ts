import { basename } from 'node:path';
import { MembranaError, toErrorReport } from '#contract/errors';
import type { CallOptions, ComputeClient } from '../compute/client';
import { endedUnder, isInterrupted } from '../compute/crash-report';
import { failureOf } from '../engines/fallback-policy';
import {
  trainRun,
  type TrainParams,
  type TrainProgress,
  type TrainResult,
} from '../compute/requests';

/** What a training streams, and that its process ended and it goes on in another one. */
export type TrainingProgress =
  | TrainProgress
  | {
      readonly kind: 'restarted';
      /** The checkpoint that it goes on from; 0 = the one that it began with, or the beginning. */
      readonly step: number;
      readonly note: string;
    };

export type KeptTraining = TrainParams & {
  readonly checkpoint: NonNullable<TrainParams['checkpoint']> & {
    /** A checkpoint that can't be read is no error: the training begins anew. */
    readonly anew?: true;
  };
};

/** Whether the checkpoint that was to be gone on from is damaged or gone. */
function isLost(error: unknown, path: string): boolean {
  return (
    error instanceof MembranaError &&
    (error.code === 'model.corrupt' || error.code === 'file.not-found') &&
    error.data['file'] === basename(path)
  );
}

/** Ends of the process without a checkpoint in between after which it is given up, as many as the compute client allows. */
const ENDS_ALLOWED = 3;

/** Last step seen of each kind of event that carries one. */
type Seen = Partial<Record<TrainProgress['kind'], number>>;

/**
 * Trains through ends of the compute process: crash, kill or hang. A fresh process goes on from the last checkpoint, exactly as the
 * unbroken run would have (bit by bit where the engine computes so), and
 * events that were streamed already are not streamed again. Gives up after
 * three ends without a new checkpoint between them, with the error of the
 * last. The checkpoint file is left to the caller.
 */
export async function trainResumably(
  compute: ComputeClient,
  params: KeptTraining,
  { signal, onProgress }: CallOptions<TrainingProgress>,
): Promise<TrainResult> {
  let { resume } = params.checkpoint;
  let ends = 0;
  let restarts = 0;
  let kept = 0;
  let last: Seen = {};
  const reached = (step: number): void => {
    resume = true;
    if (step <= kept) return;
    kept = step;
    ends = 0;
    compute.forgive();
  };
  for (;;) {
    const streamed = last;
    const until = streamed.step ?? 0;
    let first = resume;
    try {
      return await compute.call(
        trainRun,
        { ...params, checkpoint: { ...params.checkpoint, resume } },
        {
          signal,
          onProgress(event) {
            if (event.kind === 'checkpoint') reached(event.step);
            // Where it really goes on: the word of the last checkpoint may have died with its process.
            if (event.kind === 'step' && first) {
              first = false;
              reached(event.step - 1);
            }
            // Said once: a process that starts again reads the same slices again.
            if (event.kind === 'left-out' || event.kind === 'warning') {
              if (restarts > 0) return;
            } else if (event.kind !== 'note') {
              if (event.step <= until && event.step <= (streamed[event.kind] ?? 0)) return;
              last = { ...last, [event.kind]: event.step };
            }
            onProgress?.(event);
          },
        },
      );
    } catch (error) {
      const { path, anew } = params.checkpoint;
      if (resume && anew === true && isLost(error, path)) {
        resume = false;
        const note = `${toErrorReport(error).message} The training begins anew.`;
        onProgress?.({ kind: 'restarted', step: 0, note });
        continue;
      }
      restarts += 1;
      // A neighbour that was cancelled says nothing of this training.
      if (!isInterrupted(error)) ends += 1;
      // As much memory again would end it again: smaller portions are the fallback plan's to give.
      const again = endedUnder(error) && failureOf(error) !== 'memory' && ends < ENDS_ALLOWED;
      if (!again) throw error;
      const from = kept > 0 ? `step ${kept}` : resume ? 'its checkpoint' : 'the beginning';
      const note = `${toErrorReport(error).message} Training goes on from ${from}.`;
      onProgress?.({ kind: 'restarted', step: kept, note });
    }
  }
}
