import type { Job, JobKind } from '#contract/entities';
import type { JobId } from '#contract/ids';

export type ActiveJob = Extract<Job, { state: 'queued' | 'running' }>;

function isActive(job: Job): job is ActiveJob {
  return job.state === 'queued' || job.state === 'running';
}

/** Share of a job that is done, 0…1; null while that is not known. */
export function jobShare(job: ActiveJob): number | null {
  if (job.state === 'queued' || job.total <= 0) return null;
  return Math.min(1, Math.max(0, job.done / job.total));
}

/** Jobs as main reports them. A finished job is handed on once and forgotten. */
export class JobsState {
  #jobs = $state.raw<ReadonlyMap<JobId, Job>>(new Map());
  #cancelling = $state.raw<ReadonlySet<JobId>>(new Set());

  readonly active = $derived([...this.#jobs.values()].filter(isActive));
  /** Those that have a card: what only looks, beside the work, is told where its answer stands. */
  readonly told = $derived(
    this.active.filter(({ kind }) => kind !== 'trust' && kind !== 'accuracy'),
  );
  /** Something runs that another job would have to wait for: exports are quick, and what is in the background gives way. */
  readonly busy = $derived(
    this.active.some((job) => job.kind !== 'export' && job.background === undefined),
  );

  readonly #waiting = new Map<JobId, (job: Job) => void>();

  /** Resolves with the job once it is done, failed or cancelled. */
  whenOver(id: JobId): Promise<Job> {
    const now = this.find(id);
    if (now !== null && !isActive(now)) return Promise.resolve(now);
    return new Promise((resolve) => {
      const before = this.#waiting.get(id);
      this.#waiting.set(id, (job) => {
        before?.(job);
        resolve(job);
      });
    });
  }

  /** Takes a report in; true when it is the first to say that the job is over. */
  report(job: Job): boolean {
    const before = this.#jobs.get(job.id);
    // A word that was on its way when the job ended.
    if (before !== undefined && !isActive(before) && isActive(job)) return false;
    const ended = !isActive(job) && (before === undefined || isActive(before));
    this.#jobs = new Map(this.#jobs).set(job.id, job);
    if (ended) {
      const rest = new Set(this.#cancelling);
      rest.delete(job.id);
      this.#cancelling = rest;
      this.#waiting.get(job.id)?.(job);
      this.#waiting.delete(job.id);
    }
    return ended;
  }

  /** Active jobs that main, which listed all it knows, does not know any more. */
  vanished(listed: readonly Job[]): readonly ActiveJob[] {
    return this.active.filter(({ id }) => !listed.some((job) => job.id === id));
  }

  running(...kinds: readonly JobKind[]): ActiveJob | null {
    return this.active.find((job) => kinds.includes(job.kind)) ?? null;
  }

  find(id: JobId | null): Job | null {
    return id === null ? null : (this.#jobs.get(id) ?? null);
  }

  cancelling(id: JobId): boolean {
    return this.#cancelling.has(id);
  }

  markCancelling(id: JobId): void {
    this.#cancelling = new Set(this.#cancelling).add(id);
  }
}
