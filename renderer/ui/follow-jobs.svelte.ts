import { toErrorReport } from '#contract/errors';
import type { Job } from '#contract/entities';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';

/** A card that spins for a job that is over would spin for ever: the list is asked for while any is shown. */
const LOOK_EVERY_MS = 5000;

/**
 * Compares what is shown with what main knows: jobs that ended unheard end,
 * and one that is known nowhere any more ends with a word about it.
 */
export async function lookAfterJobs(
  { client, jobs }: Topics,
  take: (job: Job) => void,
): Promise<void> {
  const shown = new Set(jobs.active.map(({ id }) => id));
  const listed = await client['jobs.list']();
  for (const job of listed) if (shown.has(job.id)) take(job);
  for (const { id, kind, title } of jobs.vanished(listed)) {
    // One that began after the question was asked is not in the answer.
    if (!shown.has(id)) continue;
    const error = {
      code: 'job.not-found' as const,
      message: en.notices.vanishedJob(title),
      hint: en.notices.vanishedHint,
      data: {},
    };
    take({ id, kind, title, state: 'failed', error });
  }
}

/** Looks after the jobs while any is shown, as long as the component lives. */
export function followJobs(topics: Topics, take: (job: Job) => void): void {
  const any = $derived(topics.jobs.active.length > 0);
  $effect(() => {
    if (!any) return;
    const timer = setInterval(() => {
      lookAfterJobs(topics, take).catch((error: unknown) => {
        topics.notices.error(toErrorReport(error));
      });
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  });
}
