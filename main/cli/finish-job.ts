import type { Job, JobResult } from '#contract/entities';
import { fromErrorReport, MembranaError } from '#contract/errors';
import { JobQueue, type JobTask } from '../jobs/job-queue';
import type { Context } from './context';

/** Runs a job to its end, or throws its error. */
export async function finish(task: JobTask, { signal, progress }: Context): Promise<JobResult> {
  const queue = new JobQueue({
    changed: (job: Job) => {
      if (job.state !== 'running' || job.total === 0) return;
      const done = Math.round(job.done * 100) / 100;
      progress.report(job.unit === 'slices' ? 'slice' : 'step', done, job.total, job.secondsLeft);
    },
  });
  const id = queue.submit(task);
  const cancel = (): void => {
    queue.cancel(id);
  };
  signal.addEventListener('abort', cancel, { once: true });
  const job = await queue.finished(id);
  signal.removeEventListener('abort', cancel);
  progress.end();
  signal.throwIfAborted();
  if (job.state === 'done') return job.result;
  if (job.state === 'failed') {
    const { safe, ...report } = job.error;
    throw fromErrorReport(safe === undefined ? report : { ...report, safe });
  }
  throw new MembranaError('job.cancelled', 'Cancelled.', { hint: 'Start it again.' });
}
