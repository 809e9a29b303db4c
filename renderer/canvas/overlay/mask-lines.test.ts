import { describe, expect, it } from 'vitest';
import { SQUARE } from '#labels/rasterize';
import { ModelId } from '#contract/ids';
import { TILE_PIXELS } from '#contract/tiles';
import { sampleProject } from '../../state/testing/sample-project';
import { linedBy, MaskLines, type Lined } from './mask-lines';
import type { TileSource } from '../chunks/tile-source';
import type { ViewGeometry } from '../camera/view-geometry';

const model = ModelId.parse('m1');
const geometry: ViewGeometry = {
  imageWidth: 100,
  imageHeight: 100,
  viewWidth: 200,
  viewHeight: 200,
  pixelRatio: 1,
  zoom: 1,
  stretch: SQUARE,
  centre: { x: 50, y: 50 },
};
const at = { z: 0, level: 0, tx: 0, ty: 0 };
const of = (from: number): Lined => ({ model, from });

/** A source whose lines come when the test says so; a line is filled with its threshold. */
function slow() {
  const asked: { from: number; come: () => void; signal: AbortSignal }[] = [];
  const none = (): never => {
    throw new Error('only lines are asked for');
  };
  const source: TileSource = {
    raw: none,
    probability: none,
    classMap: none,
    ids: none,
    truth: none,
    line: (_model, _z, from, _level, _tx, _ty, signal) =>
      new Promise((resolve) => {
        const tile = new Uint8Array(TILE_PIXELS).fill(from);
        asked.push({ from, signal, come: () => resolve(tile) });
      }),
  };
  const { info } = sampleProject().stack;
  const arrivals: number[] = [];
  const lines = new MaskLines({
    info: { ...info, width: 100, height: 100 },
    source,
    arrived: (z) => arrivals.push(z),
    failed: none,
  });
  const slide = (from: number): void => {
    lines.want(geometry, [0], [of(from)]);
  };
  const shown = (from: number): number | null => lines.shown(at, of(from))?.[0] ?? null;
  return { asked, lines, slide, shown, arrivals };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('the line while the threshold slides', () => {
  it('is finished before the newest is asked for, and stays until that is here', async () => {
    const { asked, slide, shown, arrivals } = slow();
    slide(40);
    expect(shown(40)).toBeNull();
    for (const from of [41, 42, 43]) slide(from);
    expect(asked.map(({ from }) => from)).toEqual([40]);
    asked[0]?.come();
    await settled();
    expect(asked.map(({ from }) => from)).toEqual([40, 43]);
    expect([shown(43), arrivals]).toEqual([40, [0]]);
    asked[1]?.come();
    await settled();
    expect([shown(43), arrivals]).toEqual([43, [0, 0]]);
    expect(asked.every(({ signal }) => !signal.aborted)).toBe(true);
  });

  it('is not asked for where nobody wants one, and let go where slices rush by', async () => {
    const { asked, lines, slide } = slow();
    slide(40);
    lines.want(geometry, [1], []);
    expect(asked[0]?.signal.aborted).toBe(true);
    await settled();
    expect(asked).toHaveLength(1);
    expect(linedBy(model, { pixel: 0.3, cells: 0.3 })).toBeNull();
    expect(linedBy(null, { pixel: 0.5, cells: 0.3 })).toBeNull();
    expect(linedBy(model, { pixel: 0.5, cells: 0.2 })).toEqual(of(51));
  });
});
