import { describe, expect, it } from 'vitest';
import { TileLoader } from './tile-loader';

interface Pending {
  readonly address: number;
  readonly signal: AbortSignal;
  readonly resolve: (tile: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

function setUp(budget = 1000) {
  const pending: Pending[] = [];
  const arrived: number[] = [];
  const failed: number[] = [];
  const loader = new TileLoader<number, Uint8Array>({
    key: String,
    load: (address, signal) =>
      new Promise((resolve, reject) => {
        pending.push({ address, signal, resolve, reject });
        signal.addEventListener('abort', () => {
          reject(new DOMException('aborted', 'AbortError'));
        });
      }),
    bytes: (tile) => tile.byteLength,
    budget,
    arrived: (address) => arrived.push(address),
    failed: (address) => failed.push(address),
  });
  const answer = async (address: number): Promise<void> => {
    pending
      .find((one) => one.address === address && !one.signal.aborted)
      ?.resolve(new Uint8Array(100));
    await Promise.resolve();
    await Promise.resolve();
  };
  return { loader, pending, arrived, failed, answer };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('loading tiles', () => {
  it('asks for the most wanted first and cancels what is no longer wanted', async () => {
    const { loader, pending, arrived, answer } = setUp();
    loader.want([1, 2, 3]);
    expect(pending.map(({ address }) => address)).toEqual([1, 2, 3]);
    await answer(2);
    loader.want([2, 3, 4]);
    expect(pending[0]?.signal.aborted).toBe(true);
    expect(pending.map(({ address }) => address)).toEqual([1, 2, 3, 4]);
    loader.want([1]);
    expect(pending.map(({ address }) => address)).toEqual([1, 2, 3, 4, 1]);
    await settled();
    await answer(1);
    expect(arrived).toEqual([2, 1]);
    expect(loader.get(1)).toHaveLength(100);
    expect(loader.get(3)).toBeUndefined();
  });

  it('asks for a limited number at once', async () => {
    const { loader, pending, answer } = setUp(1e6);
    loader.want(Array.from({ length: 30 }, (_, i) => i));
    expect(pending).toHaveLength(12);
    await answer(0);
    await settled();
    expect(pending).toHaveLength(13);
    expect(pending[12]?.address).toBe(12);
  });

  it('keeps its budget in bytes, the longest unused going first', async () => {
    const { loader, answer } = setUp(300);
    loader.want([1, 2, 3]);
    for (const address of [1, 2, 3]) await answer(address);
    await settled();
    loader.get(1);
    loader.want([4]);
    await answer(4);
    await settled();
    expect([1, 2, 3, 4].map((address) => loader.get(address) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('does not ask again and again for a tile that fails, but does when told to forget', async () => {
    const { loader, pending, failed } = setUp();
    loader.want([7]);
    pending[0]?.reject(new Error('broken strip'));
    await settled();
    expect(failed).toEqual([7]);
    expect(loader.hasFailed(7)).toBe(true);
    loader.want([7]);
    expect(pending).toHaveLength(1);
    loader.forget((key) => key === '7');
    loader.want([7]);
    expect(pending).toHaveLength(2);
  });
});
