import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { everywhere, type PaintRule } from './paint-mode';
import { erasedLabel, type PredictedMask } from './predicted-mask';
import { anySeed, LabelScene, patchwork, scene } from './testing/label-scene';

/** Membrane in stripes that no tile's edge falls in with. */
const predictedAt = (x: number, y: number): boolean => (x + 2 * y) % 11 < 5;
const tileOf = (tx: number, ty: number): Uint8Array => {
  const tile = new Uint8Array(TILE_PIXELS).fill(99);
  for (let i = 0; i < TILE_PIXELS; i += 1)
    if (predictedAt(tx * TILE_SIZE + (i % TILE_SIZE), ty * TILE_SIZE + Math.floor(i / TILE_SIZE)))
      tile[i] = 100;
  return tile;
};
const tiles = [0, 1, 2].map((ty) => [0, 1, 2].map((tx) => tileOf(tx, ty)));
const stripes: PredictedMask = ({ tx, ty }) => {
  const membrane = tiles[ty]?.[tx];
  return membrane ? { membrane, from: 100, classes: null } : null;
};

let at: LabelScene;

beforeEach(async () => {
  at = await LabelScene.open();
});

describe('erasing to interior', () => {
  it('makes interior of membrane, takes off what lies on top, and leaves the rest', () => {
    const table = (label: number): number[] => [
      erasedLabel(label, 'nothing'),
      erasedLabel(label, 'membrane'),
      erasedLabel(label, 'class'),
    ];
    expect(table(UNTOUCHED)).toEqual([UNTOUCHED, INTERIOR, INTERIOR]);
    for (const label of [MEMBRANE, confirmed(MEMBRANE)])
      expect(table(label)).toEqual([INTERIOR, INTERIOR, INTERIOR]);
    expect(table(INTERIOR)).toEqual([INTERIOR, INTERIOR, INTERIOR]);
    // A class lies over interior that was confirmed, and is seen there.
    const kept = confirmed(INTERIOR);
    expect(table(kept)).toEqual([kept, kept, INTERIOR]);
    for (const label of [3, 5, 126, confirmed(5)])
      expect(table(label)).toEqual([UNTOUCHED, UNTOUCHED, INTERIOR]);
    for (const label of [VOID, confirmed(VOID)])
      expect(table(label)).toEqual([UNTOUCHED, UNTOUCHED, UNTOUCHED]);
  });

  it('holds for every pixel of a stroke that crosses itself and four tiles, under any rule, as one step', () => {
    const rule: fc.Arbitrary<PaintRule> = fc.record({
      overwrite: fc.oneof(
        fc.constant({ kind: 'all' as const }),
        fc.constant({ kind: 'untouched' as const }),
        fc.constantFrom(INTERIOR, MEMBRANE, 5).map((id) => ({
          kind: 'only-class' as const,
          class: id,
        })),
      ),
      locked: fc.subarray([INTERIOR, MEMBRANE, 5, VOID]).map((ids) => new Set(ids)),
      gate: fc.constant(null),
    });
    const seen = { changed: 0, kept: 0 };
    fc.assert(
      fc.property(anySeed, rule, fc.boolean(), (seed, rule, predicted) => {
        const before = patchwork(seed);
        at.paint(before);
        const membrane = predicted ? stripes : null;
        const ink = { kind: 'erase-to-interior' as const, predicted: membrane, rule };
        // A pen that goes back and forth: every pixel of the stroke is passed again and again.
        const stroke = at.session.beginStroke({ z: 0, radius: 30, name: 'Eraser', ink });
        const [left, right] = [scene.x + 10, scene.x + 60].map((x) => ({ x, y: scene.y + 38 }));
        if (left && right) stroke.extend([left, right, left, right]);
        stroke.commit();
        const after = at.read();
        for (let i = 0; i < after.length; i += 1) {
          const [x, y] = [(i % scene.width) + 0.5, Math.floor(i / scene.width) + 0.5];
          const reached = Math.hypot(x - Math.min(60, Math.max(10, x)), y - 38) <= 30;
          const label = before[i] ?? 0;
          const id = label & 0x7f;
          const may =
            reached &&
            !rule.locked.has(id) &&
            (rule.overwrite.kind === 'all' ||
              (rule.overwrite.kind === 'untouched' ? id === 0 : id === rule.overwrite.class));
          const column = scene.x + (i % scene.width);
          const row = scene.y + Math.floor(i / scene.width);
          const there = predicted && predictedAt(column, row) ? 'membrane' : 'nothing';
          const wanted = may ? erasedLabel(label, there) : label;
          if (after[i] !== wanted) expect([column, row, after[i]]).toEqual([column, row, wanted]);
          if (wanted === label) seen.kept += 1;
          else seen.changed += 1;
        }
        if (at.session.undoName === 'Eraser') at.session.undo();
        expect(Buffer.compare(at.read(), before)).toBe(0);
        while (at.session.undo());
      }),
      { numRuns: 40, seed: 2026 },
    );
    expect(Math.min(seen.changed, seen.kept)).toBeGreaterThan(10_000);
  });

  it('takes off one layer a stroke: the membrane that comes to light goes with the next', () => {
    const spot = { x: 500, y: 500 };
    const membrane = new Uint8Array(TILE_PIXELS).fill(1);
    const all: PredictedMask = () => ({ membrane, from: 1, classes: null });
    const erase = (): number | undefined => {
      const ink = { kind: 'erase-to-interior' as const, predicted: all, rule: everywhere };
      const stroke = at.session.beginStroke({ z: 0, radius: 4, name: 'Eraser', ink });
      stroke.extend([spot, { x: 504, y: 500 }, spot]);
      stroke.commit();
      return at.session.tiles.labelAt(0, 500, 500);
    };
    const brush = { z: 0, radius: 4, label: 5, rule: everywhere, name: 'Brush' };
    const paint = at.session.beginStroke(brush);
    paint.extend([spot]);
    paint.commit();
    expect([erase(), erase(), erase()]).toEqual([UNTOUCHED, INTERIOR, INTERIOR]);
  });
});
