import { randomBytes } from 'node:crypto';
import type { Job, JobKind, JobResult, TrainingUpdate } from '#contract/entities';
import { isAbort, MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { JobId } from '#contract/ids';

const WAITING_ALLOWED = 16;
const FINISHED_KEPT = 50;
/** More often than a screen shows is waste; the first and the last report always go out. */
const PROGRESS_EVERY_MS = 100;

export interface JobProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: Extract<Job, { state: 'running' }>['unit'];
  readonly note: string;
}

/** What a running job sees of the queue. */
export interface JobContext {
  readonly id: JobId;
  readonly signal: AbortSignal;
  /** The time left is worked out from `done` since the first report. */
  readonly progress: (progress: JobProgress) => void;
  readonly training: (update: TrainingUpdate) => void;
  /** Something that whoever waits should know; it stays with the job. */
  readonly remark: (text: string) => void;
}

export interface JobTask {
  readonly kind: JobKind;
  /** For the job list: "Segment 10 slices with isbi-base8"; a slice is named by its mark. */
  readonly title: string;
  run(context: JobContext): Promise<JobResult>;
}

export interface JobQueueOptions {
  readonly changed: (job: Job) => void;
  readonly training?: (job: JobId, update: TrainingUpdate) => void;
  readonly log?: (text: string) => void;
}

interface Entry {
  job: Job;
  readonly task: JobTask;
  readonly controller: AbortController;
  readonly settled: Promise<Job>;
  readonly settle: (job: Job) => void;
}

/**
 * Runs one job at a time, in the order of their coming: there is one compute
 * process and one processor to share. Every change of a job is published once.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #entries = new Map<JobId, Entry>();
  #running: Entry | null = null;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** @throws MembranaError job.busy when too many jobs wait already */
  submit(task: JobTask): JobId {
    const waiting = [...this.#entries.values()].filter(({ job }) => job.state === 'queued').length;
    if (waiting >= WAITING_ALLOWED) {
      throw new MembranaError('job.busy', `${waiting} jobs are waiting already.`, {
        hint: 'Wait for one of them to finish, or cancel some in the job list.',
        data: { waiting },
      });
    }
    const id = JobId.parse(`job-${randomBytes(6).toString('hex')}`);
    let settle: (job: Job) => void = () => undefined;
    const settled = new Promise<Job>((resolve) => {
      settle = resolve;
    });
    const job: Job = { id, kind: task.kind, title: task.title, state: 'queued' };
    const entry = { job, task, controller: new AbortController(), settled, settle };
    this.#entries.set(id, entry);
    this.#options.changed(job);
    queueMicrotask(() => {
      this.#next();
    });
    return id;
  }

  /** Cancelling a job that has ended does nothing. @throws MembranaError job.not-found */
  cancel(id: JobId): void {
    const entry = this.#find(id);
    entry.controller.abort();
    if (entry.job.state === 'queued') this.#end(entry, { state: 'cancelled' });
  }

  /** Oldest first: running, waiting, and the last that ended. */
  list(): Job[] {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  /** Resolves with the job once it is done, failed or cancelled. @throws MembranaError job.not-found */
  async finished(id: JobId): Promise<Job> {
    return this.#find(id).settled;
  }

  /** Cancels everything and waits until nothing runs. */
  async close(): Promise<void> {
    const open = [...this.#entries.values()].filter(
      ({ job }) => job.state === 'queued' || job.state === 'running',
    );
    for (const { job } of open) this.cancel(job.id);
    await Promise.all(open.map(({ settled }) => settled));
  }

  #find(id: JobId): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new MembranaError('job.not-found', 'That job is not in the list any more.', {
      hint: 'Only the last finished jobs are kept.',
      data: { job: id },
    });
  }

  #next(): void {
    if (this.#running !== null) return;
    const entry = [...this.#entries.values()].find(({ job }) => job.state === 'queued');
    if (!entry) return;
    this.#running = entry;
    void this.#run(entry).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  async #run(entry: Entry): Promise<void> {
    const { task, controller } = entry;
    const report = this.#progressReporter(entry);
    try {
      report({ done: 0, total: 0, unit: task.kind === 'segment' ? 'slices' : 'steps', note: '' });
      const result = await task.run({
        id: entry.job.id,
        signal: controller.signal,
        progress: report,
        training: (update) => this.#options.training?.(entry.job.id, update),
        remark: (text) => {
          if (isOver(entry.job)) return;
          entry.job = { ...entry.job, remarks: [...(entry.job.remarks ?? []), text] };
          this.#options.changed(entry.job);
        },
      });
      this.#end(entry, { state: 'done', result });
    } catch (error) {
      if (isAbort(error)) this.#end(entry, { state: 'cancelled' });
      else {
        this.#options.log?.(
          `${task.title}: ${String(error instanceof Error ? error.stack : error)}`,
        );
        this.#end(entry, { state: 'failed', error: plainReport(error) });
      }
    }
  }

  #progressReporter(entry: Entry): (progress: JobProgress) => void {
    let started: { time: number; done: number } | null = null;
    let published = 0;
    return ({ done, total, unit, note }) => {
      // A word that comes after the end, as from a process that is being stopped, must not start it again.
      if (isOver(entry.job)) return;
      const now = performance.now();
      if (total > 0) started ??= { time: now, done };
      const moved = started === null ? 0 : done - started.done;
      const secondsLeft =
        started === null || moved <= 0
          ? null
          : ((now - started.time) / 1000 / moved) * (total - done);
      entry.job = {
        ...namesOf(entry.job),
        state: 'running',
        done,
        total,
        unit,
        secondsLeft,
        note,
      };
      if (now - published < PROGRESS_EVERY_MS && done < total) return;
      published = now;
      this.#options.changed(entry.job);
    };
  }

  #end(
    entry: Entry,
    end:
      | { state: 'done'; result: JobResult }
      | { state: 'failed'; error: ReturnType<typeof plainReport> }
      | { state: 'cancelled' },
  ): void {
    entry.job = { ...namesOf(entry.job), ...end };
    this.#options.changed(entry.job);
    entry.settle(entry.job);
    const ended = [...this.#entries.values()].filter(({ job }) => isOver(job));
    for (const { job } of ended.slice(0, Math.max(0, ended.length - FINISHED_KEPT)))
      this.#entries.delete(job.id);
  }
}

const isOver = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';

/** What a job keeps from state to state. */
function namesOf({
  id,
  kind,
  title,
  remarks,
}: Job): Pick<Job, 'id' | 'kind' | 'title' | 'remarks'> {
  return remarks === undefined ? { id, kind, title } : { id, kind, title, remarks };
}

/** A report with a mutable record, the shape that the Job entity carries. */
function plainReport(error: unknown): Omit<ErrorReport, 'data'> & {
  data: Record<string, string | number | boolean | null>;
} {
  const report = toErrorReport(error);
  return { ...report, data: { ...report.data } };
}
