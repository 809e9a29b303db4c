import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MembranaError } from '#contract/errors';
import { ComputeClient, type ComputeClientOptions } from './client';
import { nodeLauncher } from './node-launcher';
import { bundleEntry } from './testing/bundle';
import { block, end, refuse, sum, wait } from './testing/toy-requests';

let entry: string;
let client: ComputeClient;

beforeAll(async () => {
  entry = await bundleEntry('main/compute/testing/toy-entry.ts');
});

function open(options: Partial<ComputeClientOptions> = {}): ComputeClient {
  client = new ComputeClient({ launcher: nodeLauncher(entry), environment: {}, ...options });
  return client;
}

afterEach(() => {
  client.dispose();
});

const never = new AbortController().signal;

async function failure(work: Promise<unknown>): Promise<MembranaError> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as MembranaError,
  );
}

async function expectSum(): Promise<void> {
  const values = Float32Array.of(1, 2, 3.5);
  expect(await client.call(sum, { values }, { signal: never })).toBe(6.5);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function started(pid: () => number | null): Promise<number> {
  for (;;) {
    const now = pid();
    if (now !== null) return now;
    await sleep(5);
  }
}

describe('the compute client', () => {
  it('starts nothing before the first call, then streams progress and the answer', async () => {
    open();
    expect(client.pid).toBeNull();
    const seen: number[] = [];
    const values = Float32Array.of(1, 2, 3.5);
    const result = await client.call(
      sum,
      { values },
      { signal: never, onProgress: (v) => seen.push(v) },
    );
    expect({ result, seen }).toEqual({ result: 6.5, seen: [1, 3, 6.5] });
    expect(values).toEqual(Float32Array.of(1, 2, 3.5));
  });

  it("passes a handler's own error on, code and hint", async () => {
    open();
    const error = await failure(client.call(refuse, null, { signal: never }));
    expect(error).toMatchObject({ code: 'engine.unavailable', hint: 'Run set-up.' });
    await expectSum();
  });

  it('names the signal when the process is killed in the middle of a job, and the next job works', async () => {
    open();
    const waiting = failure(
      client.call(wait, null, {
        signal: never,
        onProgress: () => {
          process.kill(client.pid ?? 0, 'SIGKILL');
        },
      }),
    );
    const error = await waiting;
    expect(error.code).toBe('compute.crashed');
    expect(error.message).toContain('SIGKILL');
    expect(error.data).toMatchObject({ during: 'toy.wait', signal: 'SIGKILL' });
    await expectSum();
  });

  it('names the exit code, also after a rejection that nobody handled', async () => {
    const log: string[] = [];
    open({ log: (text) => log.push(text) });
    const first = await failure(client.call(end, { how: 'exit-7' }, { signal: never }));
    expect(first).toMatchObject({ code: 'compute.crashed', data: { exitCode: 7 } });
    const second = await failure(client.call(end, { how: 'unhandled' }, { signal: never }));
    expect(second).toMatchObject({ code: 'compute.crashed', data: { exitCode: 70 } });
    expect(log.join('\n')).toContain('nobody listens');
  });

  it('leaves a process alone that crashed three times in five minutes, and says so', async () => {
    const states: string[] = [];
    open({ onState: (state) => states.push(state) });
    for (let i = 0; i < 3; i += 1)
      await failure(client.call(end, { how: 'exit-7' }, { signal: never }));
    const refused = await failure(
      client.call(sum, { values: new Float32Array(1) }, { signal: never }),
    );
    expect(refused.message).toContain('three times');
    expect(refused.hint).toMatch(/Try again in \d min/);
    expect(states).toContain('restarting');
    expect(states.at(-1)).toBe('unavailable');
  });

  it('lets a handler answer a cancel and keeps the process', async () => {
    open();
    const controller = new AbortController();
    const work = client.call(wait, null, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    const before = client.pid;
    await expectSum();
    expect(client.pid).toBe(before);
  });

  it('ends a process that does not answer a cancel within its time, without calling it a crash', async () => {
    open();
    const controller = new AbortController();
    let aborted = 0;
    const work = client.call(block, null, {
      signal: controller.signal,
      onProgress: () => {
        setTimeout(() => {
          aborted = performance.now();
          controller.abort();
        }, 100);
      },
    });
    const blocked = await started(() => client.pid);
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - aborted).toBeLessThan(block.cancelWithinMs + 250);
    expect(alive(blocked)).toBe(false);
    await expectSum();
  });

  it('makes a call again whose process was ended for a cancelled one beside it', async () => {
    open();
    await expectSum();
    const controller = new AbortController();
    let begin = (): void => undefined;
    const begun = new Promise<void>((done) => {
      begin = done;
    });
    const blocked = client.call(block, null, {
      signal: controller.signal,
      onProgress: () => {
        begin();
      },
    });
    await begun;
    // It blocks a moment after it said so.
    await sleep(100);
    const beside = client.call(sum, { values: Float32Array.of(4, 5) }, { signal: never });
    const resuming = failure(
      client.call({ ...sum, resumes: true }, { values: Float32Array.of(1) }, { signal: never }),
    );
    controller.abort();
    await expect(blocked).rejects.toMatchObject({ name: 'AbortError' });
    expect(await beside).toBe(9);
    // Who resumes by himself is told, and goes on from where he was.
    expect(await resuming).toMatchObject({
      code: 'compute.interrupted',
      data: { during: 'toy.sum' },
    });
  });

  it('rests once nothing runs in it, and no sooner', async () => {
    open();
    const controller = new AbortController();
    let begin = (): void => undefined;
    const begun = new Promise<void>((done) => {
      begin = done;
    });
    const waiting = client.call(wait, null, {
      signal: controller.signal,
      onProgress: () => {
        begin();
      },
    });
    await begun;
    const pid = client.pid ?? 0;
    client.retire();
    await sleep(100);
    expect(alive(pid)).toBe(true);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    for (let i = 0; i < 100 && alive(pid); i += 1) await sleep(10);
    expect(alive(pid)).toBe(false);
    await expectSum();
  });

  it('ends a process that gives no sign of life', async () => {
    open({ silenceMs: 500 });
    const error = await failure(client.call(block, null, { signal: never }));
    expect(error.code).toBe('compute.timeout');
    await expectSum();
  });

  it('takes the process along when it is disposed', async () => {
    open();
    await expectSum();
    const pid = client.pid ?? 0;
    client.dispose();
    for (let i = 0; i < 100 && alive(pid); i += 1) await sleep(10);
    expect(alive(pid)).toBe(false);
  });
});
