import type { TrainResult } from '../compute/requests';
import type { JobCall, JobEngine } from '../engines/job-engine';
import { trainResumably, type KeptTraining, type TrainingProgress } from './resumable-training';

/**
 * Trains through ends of the compute process, and where the engine does not
 * get further in smaller portions or on the next engine. Every attempt goes on
 * from the last checkpoint: its weights do not belong to an engine.
 */
export async function trainWithFallback(
  engine: JobEngine,
  params: Omit<KeptTraining, 'choice'>,
  { signal, remark, onProgress }: JobCall<TrainingProgress>,
): Promise<TrainResult> {
  let { resume } = params.checkpoint;
  return engine.run(
    (client, choice) =>
      trainResumably(
        client,
        { ...params, choice, checkpoint: { ...params.checkpoint, resume } },
        {
          signal,
          onProgress(event) {
            if (event.kind === 'checkpoint') resume = true;
            onProgress?.(event);
          },
        },
      ),
    { signal, remark, doing: 'train.run' },
  );
}
