import { afterEach, expect, it, vi } from 'vitest';
import type { Client } from '../api/client';
import { Opening } from './opening';
import { PaintingState } from './painting.svelte';
import { sampleProject } from './testing/sample-project';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('label tiles that nobody waits for any more are not fetched to the end', async () => {
  const signals: AbortSignal[] = [];
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  });
  const painting = new PaintingState(new Opening(), () => undefined);
  painting.begin(sampleProject(), {
    'project.history': () => Promise.resolve([]),
  } as unknown as Client);
  const scrubbed = new AbortController();
  const loading = painting.session!.load(0, { x: 0, y: 0, width: 10, height: 10 }, scrubbed.signal);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  scrubbed.abort();
  await expect(loading).rejects.toThrow(/abort/i);
  expect(signals[0]?.aborted).toBe(true);
  painting.leave();
});
