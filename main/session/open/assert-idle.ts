import { MembranaError } from '#contract/errors';
import type { JobQueue } from '#main/jobs/job-queue';

/** A job works on what is open: it is finished or cancelled before something else is shown. @throws MembranaError job.busy */
export function assertIdle(jobs: JobQueue): void {
  const job = jobs.list().find(({ state }) => state === 'running' || state === 'queued');
  if (job === undefined) return;
  throw new MembranaError('job.busy', `"${job.title}" is still running in this project.`, {
    hint: 'Wait for it or cancel it, then open the other one.',
    safe: 'Nothing was closed.',
    data: { job: job.id },
  });
}
