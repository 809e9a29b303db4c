import { describe, expect, it } from 'vitest';
import { ModelId, StackId } from '#contract/ids';
import type { SliceLayer } from '#contract/pixel-port';
import { parseSliceUrl, type SliceRequest } from '#contract/slice-url';
import { TILE_PIXELS, tilesOf } from '#contract/tiles';
import { bytesHeld, SliceRequests } from './slice-requests';

const stack = StackId.parse('s-1');
const model = ModelId.parse('m-1');
const membrane = { model, class: null };
const { signal } = new AbortController();
const at = (tx: number, ty: number, z = 3, level = 1) => ({ z, level, tx, ty });
const never = (): Promise<never> => Promise.reject(new Error('asked alone'));

/** Values that tell which tile of which layer they are of. */
function setUp(fails = false) {
  const asked: SliceRequest[] = [];
  const left: string[] = [];
  const requests = new SliceRequests(stack, (url, leaving) => {
    const request = parseSliceUrl(url);
    if (request === null) throw new Error(url);
    asked.push(request);
    leaving.addEventListener('abort', () => left.push(url));
    if (fails) return Promise.reject(new Error('no'));
    const tiles = tilesOf(request.block);
    const raw = tiles.flatMap(({ tx, ty }) => Array<number>(TILE_PIXELS).fill(1000 + 10 * ty + tx));
    const maps = request.maps.map((map, i): SliceLayer | null => {
      if (map.class === 9) return null;
      const values = tiles.map(({ tx, ty }) => 100 * (i + 1) + 10 * ty + tx);
      const bytes = values.flatMap((value) => Array<number>(TILE_PIXELS).fill(value));
      return { element: 'uint8', bytes: Uint8Array.from(bytes) };
    });
    const values = new Uint8Array(Uint16Array.from(raw).buffer);
    return Promise.resolve([
      ...(request.raw ? [{ element: 'uint16', bytes: values } as const] : []),
      ...maps,
    ]);
  });
  return { requests, asked, left };
}

describe('tiles that are asked for in one go', () => {
  it('are one request, and each gets its own part of the answer', async () => {
    const { requests, asked } = setUp();
    const tiles = [at(1, 0), at(2, 0), at(1, 1), at(2, 1)];
    const [raw, maps] = await Promise.all([
      Promise.all(tiles.map((tile) => requests.raw(tile, signal, never))),
      Promise.all(tiles.map((tile) => requests.map(tile, membrane, signal, never))),
    ]);
    expect(asked).toEqual([
      {
        ...{ stack, z: 3, level: 1, raw: true, maps: [membrane] },
        block: { tx: 1, ty: 0, across: 2, down: 2 },
      },
    ]);
    expect(raw.map((tile) => [tile.length, tile[0], tile.at(-1)])).toEqual(
      [1001, 1002, 1011, 1012].map((value) => [TILE_PIXELS, value, value]),
    );
    expect(maps.map((tile) => tile?.[0])).toEqual([101, 102, 111, 112]);
    // One tile keeps its share of its layer: two bytes a pixel.
    expect(raw.map(bytesHeld)).toEqual(Array<number>(4).fill(2 * TILE_PIXELS));
  });

  it('are one request a slice, and rows apart where a block would hold much else', async () => {
    const { requests, asked } = setUp();
    await Promise.all([
      ...[at(0, 0), at(0, 0, 4), at(5, 0, 4), at(0, 5, 4)].map((tile) =>
        requests.raw(tile, signal, never),
      ),
      requests.map(at(0, 0), { model, class: 2 }, signal, never),
    ]);
    expect(asked.map(({ z, block, raw, maps }) => [z, block, raw, maps.length])).toEqual([
      [3, { tx: 0, ty: 0, across: 1, down: 1 }, true, 1],
      [4, { tx: 0, ty: 0, across: 6, down: 1 }, true, 0],
      [4, { tx: 0, ty: 5, across: 1, down: 1 }, true, 0],
    ]);
  });

  it('tell of a map that there is none of', async () => {
    const { requests } = setUp();
    const [none, some] = await Promise.all([
      requests.map(at(0, 0), { model, class: 9 }, signal, never),
      requests.map(at(0, 0), membrane, signal, never),
    ]);
    expect([none, some?.[0]]).toEqual([null, 200]);
  });

  it('are asked for one by one where they cannot be had together, and tell why not', async () => {
    const { requests } = setUp(true);
    const own = new Uint8Array(TILE_PIXELS).fill(7);
    const answers = await Promise.allSettled([
      requests.raw(at(0, 0), signal, () => Promise.resolve(own)),
      requests.raw(at(1, 0), signal, () => Promise.reject(new Error('a strip is damaged'))),
    ]);
    expect(answers).toEqual([
      { status: 'fulfilled', value: own },
      { status: 'rejected', reason: new Error('a strip is damaged') },
    ]);
  });

  it('are given up when nobody waits for any of them', async () => {
    const { requests, left } = setUp();
    const [one, other] = [new AbortController(), new AbortController()];
    const asked = [
      requests.raw(at(0, 0), one.signal, never),
      requests.raw(at(1, 0), other.signal, never),
    ];
    await Promise.resolve();
    one.abort();
    expect(left).toEqual([]);
    other.abort();
    expect(left).toHaveLength(1);
    await Promise.allSettled(asked);
  });
});
