import { describe, expect, it } from 'vitest';
import { StackId } from '#contract/ids';
import type { PixelReply, SliceLayer } from '#contract/pixel-port';
import { sliceUrl, type SliceRequest } from '#contract/slice-url';
import { SliceCalls } from './slice-calls';

const layer: SliceLayer = { element: 'uint8', bytes: Uint8Array.of(7) };
const urlOf = (z: number): string =>
  sliceUrl({
    stack: StackId.parse('s-1'),
    z,
    level: 0,
    block: { tx: 0, ty: 0, across: 1, down: 1 },
    raw: true,
    maps: [],
  });

/** Calls whose slices come when they are let; slice 9 is refused. */
function setUp() {
  const replies: PixelReply[] = [];
  const left: number[] = [];
  const letting = new Map<number, () => void>();
  const slice = ({ z }: SliceRequest, signal: AbortSignal): Promise<(SliceLayer | null)[]> => {
    signal.addEventListener('abort', () => left.push(z));
    if (z === 9) return Promise.reject(new Error('no such slice'));
    return new Promise((resolve) => {
      letting.set(z, () => {
        resolve([layer, null]);
      });
    });
  };
  const calls = new SliceCalls({ slice }, (reply) => replies.push(reply));
  const come = async (z: number): Promise<void> => {
    letting.get(z)?.();
    await new Promise(setImmediate);
  };
  return { calls, replies, left, come };
}

describe('calls for slices', () => {
  it('are answered by their number, in whatever order slices come', async () => {
    const { calls, replies, come } = setUp();
    calls.hear({ kind: 'ask', id: 1, url: urlOf(1) });
    calls.hear({ kind: 'ask', id: 2, url: urlOf(2) });
    await come(2);
    await come(1);
    expect(replies).toEqual([
      { kind: 'layers', id: 2, layers: [layer, null] },
      { kind: 'layers', id: 1, layers: [layer, null] },
    ]);
  });

  it('have no answer once somebody left, or the page is gone', async () => {
    const { calls, replies, left, come } = setUp();
    for (const z of [1, 2, 3]) calls.hear({ kind: 'ask', id: z, url: urlOf(z) });
    calls.hear({ kind: 'leave', id: 2 });
    await come(2);
    await come(1);
    calls.close();
    await come(3);
    expect(replies.map(({ id }) => id)).toEqual([1]);
    expect(left).toEqual([2, 3]);
  });

  it('are refused where main can not answer, and ignored where they are none', async () => {
    const { calls, replies, come } = setUp();
    calls.hear({ kind: 'ask', id: 1, url: urlOf(9) });
    calls.hear({ kind: 'ask', id: 2, url: 'em-pixels://slice/../..' });
    for (const other of [
      null,
      'ask',
      { kind: 'ask', id: -1, url: urlOf(1) },
      { kind: 'leave', id: 5 },
    ])
      calls.hear(other);
    await come(9);
    expect(replies).toEqual([
      { kind: 'refused', id: 2 },
      { kind: 'refused', id: 1 },
    ]);
  });
});
