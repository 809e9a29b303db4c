import { afterEach, describe, expect, it, vi } from 'vitest';
import { LayerId, ModelId, ProjectId, StackId } from '#contract/ids';
import { parsePixelUrl } from '#contract/pixel-url';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { planeSource } from './plane-source';

const stack = StackId.parse('stack-1');
const [before, after] = [ModelId.parse('m-1'), ModelId.parse('m-2')];
const { signal } = new AbortController();

/** Answers each map with a tile of one byte: ten times the class, and one more for the later version. */
function answering(asked: string[]): typeof fetch {
  return (url) => {
    const text = url instanceof Request ? url.url : url.toString();
    asked.push(text);
    const request = parsePixelUrl(text);
    const layer = request?.kind === 'plane' ? request.layer : null;
    switch (layer?.kind) {
      case 'class':
      case 'probability': {
        const own = layer.kind === 'class' ? layer.class : 0;
        const byte = 10 * own + (layer.model === after ? 1 : 0);
        return Promise.resolve(new Response(new Uint8Array(TILE_PIXELS).fill(byte)));
      }
      case 'ids': {
        const ids = Uint16Array.from({ length: TILE_PIXELS }, (_, i) => i % 60_000);
        return Promise.resolve(new Response(ids, { headers: { 'x-element': 'uint16' } }));
      }
      default:
        return Promise.resolve(new Response(null, { status: 204 }));
    }
  };
}

/** The later version has done slices 3 to 5, the earlier one those before; the others nobody. */
const source = (axis: 'xz' | 'yz') =>
  planeSource({
    ...{ stack, axis },
    shownModel: (_, z) => (z < 3 ? before : z < 6 ? after : null),
    // The later version has the class under another number, and one that the earlier does not know.
    mapOf: (model, name) =>
      name === 'mitochondria' ? (model === after ? 2 : 1) : model === after ? 3 : null,
    gaps: () => undefined,
  });

describe('maps in planes at right angles to the slices', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it.each(['xz', 'yz'] as const)(
    'of a class are those of the version that each slice shows, by its own number (%s)',
    async (axis) => {
      const asked: string[] = [];
      vi.stubGlobal('fetch', answering(asked));
      const tile = await source(axis).classMap(after, 'mitochondria', 7, 0, 0, 0, signal);
      const at = (z: number): number | undefined =>
        tile?.[axis === 'xz' ? z * TILE_SIZE + 100 : 100 * TILE_SIZE + z];
      expect([0, 2, 3, 5, 6, 9].map(at)).toEqual([10, 10, 21, 21, 0, 0]);
      expect(asked).toHaveLength(2);
      const vesicles = await source(axis).classMap(after, 'vesicles', 7, 0, 0, 0, signal);
      expect([2, 3].map((z) => vesicles?.[axis === 'xz' ? z * TILE_SIZE : z])).toEqual([0, 31]);
    },
  );

  it('of membrane are put together the same way, and are none where no slice has one', async () => {
    vi.stubGlobal('fetch', answering([]));
    const tile = await source('xz').probability(after, 7, 0, 0, 0, signal);
    expect([0, 3, 6].map((z) => tile?.[z * TILE_SIZE])).toEqual([0, 1, 0]);
    // The second tile down begins at slice 512.
    expect(await source('xz').probability(after, 7, 0, 0, 1, signal)).toBeNull();
  });

  it('of ids come as numbers of 32 bits, however they are stored', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', answering(asked));
    const layer = { project: ProjectId.parse('p'), stack, layer: LayerId.parse('cells-1') };
    const named = { ...layer, name: 'Neurons' };
    const ids = await source('yz').ids(named, 7, 1, 0, 0, signal);
    expect(ids).toBeInstanceOf(Uint32Array);
    expect(ids?.[59_999]).toBe(59_999);
    expect(asked).toEqual(['em-pixels://plane/ids/stack-1/p/cells-1/yz/7/1/0/0']);
  });
});
