import { toErrorReport } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import type { Topics } from '../state/topics';
import { cancelJob, comparisonMissing } from './model-commands';

/**
 * Segments one slice with versions, one after another, in the background: it
 * gives way to other jobs and is no step of the history. What is predicted by
 * then is passed over. False where it was stopped or failed, which the jobs tell.
 */
export async function makePredictions(
  topics: Topics,
  z: number,
  models: readonly ModelId[],
  signal: AbortSignal,
): Promise<boolean> {
  const { client, jobs, opening, project } = topics;
  const stack = project.open?.stack.id;
  if (stack === undefined) return false;
  const at = opening.here();
  for (const model of models) {
    if (signal.aborted) return false;
    const { job } = await client['segment.start']({
      ...{ at, stack, slices: [z], model, background: true },
    });
    const stop = (): void => void cancelJob(topics, job);
    signal.addEventListener('abort', stop, { once: true });
    const over = await jobs.whenOver(job);
    signal.removeEventListener('abort', stop);
    if (over.state !== 'done') return false;
  }
  return true;
}

/** Makes what a swipe lacks on the slice in view; a slice where that was stopped, or failed, is left alone until it is asked for. */
export async function makeCompared(topics: Topics): Promise<void> {
  const { comparison, notices, view } = topics;
  const { z } = view;
  const models = comparisonMissing(topics);
  if (models.length === 0 || comparison.making !== null) return;
  const abort = new AbortController();
  comparison.making = { z, models, abort };
  comparison.left = null;
  try {
    if (!(await makePredictions(topics, z, models, abort.signal))) comparison.left = z;
  } catch (error) {
    comparison.left = z;
    notices.error(toErrorReport(error));
  } finally {
    comparison.making = null;
  }
}
