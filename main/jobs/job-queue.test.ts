import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Job, JobResult } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { GrantId } from '#contract/ids';
import { JobQueue, type JobContext, type JobTask } from './job-queue';

const result: JobResult = {
  kind: 'exported',
  what: 'mask',
  format: 'tiff',
  name: 'mask.tif',
  bytes: 1,
  folder: 'results',
  grant: GrantId.parse('g-1'),
  slices: [0],
  leftOut: [],
  values: [],
};

function task(run: (context: JobContext) => Promise<void>, title = 'Work'): JobTask {
  return {
    kind: 'export',
    title,
    async run(context) {
      await run(context);
      return result;
    },
  };
}

const untilCancelled = ({ signal }: JobContext): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new DOMException('Aborted', 'AbortError'));
    });
  });

function open(): { queue: JobQueue; events: Job[] } {
  const events: Job[] = [];
  return { queue: new JobQueue({ changed: (job) => events.push(job) }), events };
}

describe('the job queue', () => {
  it('runs one job at a time, in order, and publishes each change', async () => {
    const { queue, events } = open();
    const log: string[] = [];
    const ids = ['a', 'b', 'c'].map((name) =>
      queue.submit(
        task(async () => {
          log.push(`${name}+`);
          await sleep(5);
          log.push(`${name}-`);
        }, name),
      ),
    );
    for (const id of ids) expect(await queue.finished(id)).toMatchObject({ state: 'done', result });
    expect(log).toEqual(['a+', 'a-', 'b+', 'b-', 'c+', 'c-']);
    const ofA = events.filter(({ title }) => title === 'a').map(({ state }) => state);
    expect(ofA).toEqual(['queued', 'running', 'done']);
  });

  it('turns a failure into its report and goes on with the next job', async () => {
    const { queue } = open();
    const failing = queue.submit(
      task(() =>
        Promise.reject(new MembranaError('disk.full', 'Full.', { hint: 'Free some space.' })),
      ),
    );
    const next = queue.submit(task(() => Promise.resolve()));
    expect(await queue.finished(failing)).toMatchObject({
      state: 'failed',
      error: { code: 'disk.full', hint: 'Free some space.' },
    });
    expect(await queue.finished(next)).toMatchObject({ state: 'done' });
  });

  it('cancels a running job and one that waits; what waits never starts', async () => {
    const { queue } = open();
    let started = false;
    const running = queue.submit(task(untilCancelled));
    const waiting = queue.submit(
      task(() => {
        started = true;
        return Promise.resolve();
      }),
    );
    await sleep(5);
    queue.cancel(waiting);
    queue.cancel(running);
    expect(await queue.finished(running)).toMatchObject({ state: 'cancelled' });
    expect(await queue.finished(waiting)).toMatchObject({ state: 'cancelled' });
    expect(started).toBe(false);
  });

  it('refuses the seventeenth job that waits, and takes one again when there is room', async () => {
    const { queue } = open();
    const first = queue.submit(task(untilCancelled));
    await sleep(5);
    const waiting = Array.from({ length: 16 }, () => queue.submit(task(() => Promise.resolve())));
    expect(() => queue.submit(task(() => Promise.resolve()))).toThrow(/16 jobs are waiting/);
    queue.cancel(waiting[0] ?? first);
    expect(() => queue.submit(task(() => Promise.resolve()))).not.toThrow();
    await queue.close();
    expect(queue.list().every(({ state }) => state === 'cancelled')).toBe(true);
  });

  it('ends once: what comes after the end changes nothing', async () => {
    const { queue, events } = open();
    let late: () => void = () => undefined;
    const id = queue.submit(
      task(({ progress, remark }) => {
        late = () => {
          progress({ done: 1, total: 4, unit: 'slices', note: 'still here' });
          remark('and another word');
        };
        return Promise.resolve();
      }),
    );
    await queue.finished(id);
    const told = events.length;
    late();
    expect(queue.list().at(-1)).toMatchObject({ id, state: 'done' });
    expect(events).toHaveLength(told);
  });

  it('works out the time left from what was done', async () => {
    const { queue, events } = open();
    const id = queue.submit(
      task(async ({ progress }) => {
        progress({ done: 0, total: 4, unit: 'slices', note: '' });
        await sleep(120);
        progress({ done: 2, total: 4, unit: 'slices', note: '' });
      }),
    );
    await queue.finished(id);
    const half = events.find((job) => job.state === 'running' && job.done === 2);
    expect(half?.state === 'running' && half.secondsLeft).toBeGreaterThan(0.1);
    expect(half?.state === 'running' && half.secondsLeft).toBeLessThan(1);
  });

  it('does not know a job that it never had', () => {
    const { queue } = open();
    const id = queue.submit(task(() => Promise.resolve()));
    expect(() => {
      open().queue.cancel(id);
    }).toThrow(expect.objectContaining({ code: 'job.not-found' }) as Error);
  });
});

describe('a job in the background', () => {
  /** Runs until it is stopped, as often as it is started. */
  function endless(log: string[]): JobTask {
    const background = task(async (context) => {
      log.push('background');
      await untilCancelled(context);
    }, 'Again');
    return { ...background, background: true };
  }

  it('makes room for every other job, goes on after it, and is cancelled for good', async () => {
    const { queue, events } = open();
    const log: string[] = [];
    const behind = queue.submit(endless(log));
    await sleep(10);
    const first = queue.submit(task(() => Promise.resolve(void log.push('first'))));
    const second = queue.submit(task(() => Promise.resolve(void log.push('second'))));
    await Promise.all([queue.finished(first), queue.finished(second)]);
    await sleep(10);
    expect(log).toEqual(['background', 'first', 'second', 'background']);
    const states = events.filter(({ id }) => id === behind).map(({ state }) => state);
    expect(states.filter((state, i) => state !== states[i - 1])).toEqual([
      ...['queued', 'running', 'queued', 'running'],
    ]);
    queue.cancel(behind);
    expect(await queue.finished(behind)).toMatchObject({ state: 'cancelled', background: true });
  });

  it('waits behind jobs that came after it, and one that is cancelled while it makes room does not come back', async () => {
    const { queue } = open();
    const log: string[] = [];
    const slow = queue.submit(task(untilCancelled, 'Slow'));
    const behind = queue.submit(endless(log));
    const after = queue.submit(task(() => Promise.resolve(void log.push('after'))));
    queue.cancel(slow);
    await queue.finished(after);
    await sleep(10);
    expect(log).toEqual(['after', 'background']);
    queue.submit(task(() => Promise.resolve()));
    queue.cancel(behind);
    expect(await queue.finished(behind)).toMatchObject({ state: 'cancelled' });
    await sleep(10);
    expect(log).toEqual(['after', 'background']);
  });

  it('is stopped, and waited for, before the project under it closes', async () => {
    const { queue } = open();
    const log: string[] = [];
    const behind = queue.submit(endless(log));
    await sleep(10);
    await queue.stopBackground();
    expect(queue.list().find(({ id }) => id === behind)?.state).toBe('cancelled');
    await queue.close();
  });
});
