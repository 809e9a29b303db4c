import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { classOf, INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import type { ByteField } from './byte-field';
import { everywhere, type Overwrite, type PaintRule } from './paint-mode';
import { maskOfArea } from './pixel-area';
import type { Point } from './rasterize';
import { anyPart, anySeed, LabelScene, patchwork, scene, sceneLabels } from './testing/label-scene';
import { anyNumber } from './testing/random-fields';

let at: LabelScene;

beforeEach(async () => {
  at = await LabelScene.open();
});

const overwrite: fc.Arbitrary<Overwrite> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.constant({ kind: 'untouched' as const }),
  fc.record({
    kind: fc.constant('only-class' as const),
    class: fc.constantFrom(INTERIOR, MEMBRANE, VOID),
  }),
);
const gateRect = fc.record({
  x: fc.integer({ min: 470, max: 520 }),
  y: fc.integer({ min: 470, max: 520 }),
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
});
const gate = gateRect.chain((rect) =>
  fc.record({
    field: fc.constant<ByteField>({
      rect,
      data: Uint8Array.from({ length: rect.width * rect.height }, (_, i) => (i * 37) % 256),
    }),
    min: fc.integer({ min: 0, max: 90 }),
    max: fc.integer({ min: 80, max: 255 }),
  }),
);
const rule: fc.Arbitrary<PaintRule> = fc.record({
  overwrite,
  locked: fc.subarray([INTERIOR, MEMBRANE, VOID]).map((ids) => new Set(ids)),
  gate: fc.option(gate, { nil: null }),
});

/** The rule in so many words. */
function may({ overwrite, locked, gate }: PaintRule, byte: number, x: number, y: number): boolean {
  if (locked.has(classOf(byte))) return false;
  if (overwrite.kind === 'untouched' && classOf(byte) !== UNTOUCHED) return false;
  if (overwrite.kind === 'only-class' && classOf(byte) !== overwrite.class) return false;
  if (!gate) return true;
  const { rect, data } = gate.field;
  if (x < rect.x || y < rect.y || x >= rect.x + rect.width || y >= rect.y + rect.height)
    return false;
  const value = data[(y - rect.y) * rect.width + x - rect.x] ?? 0;
  return gate.min <= value && value <= gate.max;
}

const place = fc.record({ x: anyNumber(470, 560), y: anyNumber(470, 559) });
const label = fc.constantFrom(...sceneLabels);

/** How many pixels an edit changed and how many the rule held back, to see that both happened. */
const tally = { changed: 0, heldBack: 0, locked: 0 };

function compare(
  before: Uint8Array,
  wanted: (i: number) => number | null,
  rule: PaintRule,
): number {
  let changed = 0;
  const expected = before.map((byte, i) => {
    const next = wanted(i);
    if (next === null || next === byte) return byte;
    const [x, y] = [scene.x + (i % scene.width), scene.y + Math.floor(i / scene.width)];
    if (!may(rule, byte, x, y)) {
      tally.heldBack += 1;
      if (rule.locked.has(classOf(byte))) tally.locked += 1;
      return byte;
    }
    changed += 1;
    return next;
  });
  expect(Buffer.compare(at.read(), expected)).toBe(0);
  tally.changed += changed;
  return changed;
}

describe('the paint rule', () => {
  beforeEach(() => {
    Object.assign(tally, { changed: 0, heldBack: 0, locked: 0 });
  });

  const bothHappened = (): void => {
    expect(tally.changed).toBeGreaterThan(1_500);
    expect(tally.heldBack).toBeGreaterThan(5_000);
    expect(tally.locked).toBeGreaterThan(2_000);
  };

  it('holds for an area, which is one step and undone as one', () => {
    fc.assert(
      fc.property(anySeed, anyPart, label, rule, (n, area, byte, rule) => {
        const before = patchwork(n);
        at.paint(before);
        const told = at.session.paint(0, 'Fill', area, byte, rule);
        const inside = maskOfArea(area, scene);
        const changed = compare(before, (i) => (inside[i] === 1 ? byte : null), rule);
        expect(told).toBe(changed);
        expect(at.session.undoName).toBe(changed > 0 ? 'Fill' : 'Scene');
        expect(at.wrongAfterUndo(before, changed)).toBeNull();
      }),
      { numRuns: 50, seed: 2026 },
    );
    bothHappened();
  });

  it('holds for an area with a label of its own for every pixel', () => {
    fc.assert(
      fc.property(anySeed, anySeed, anyPart, rule, (n, other, area, rule) => {
        const before = patchwork(n);
        const inside = maskOfArea(area, scene);
        const wanted = patchwork(other);
        at.paint(before);
        const bytes = wanted.filter((_, i) => inside[i] === 1);
        const told = at.session.write(0, 'Smooth', area, bytes, rule);
        const changed = compare(before, (i) => (inside[i] === 1 ? (wanted[i] ?? 0) : null), rule);
        expect(told).toBe(changed);
        expect(at.wrongAfterUndo(before, changed)).toBeNull();
      }),
      { numRuns: 50, seed: 2026 },
    );
    bothHappened();
  });

  it('holds for a stroke, whatever it crosses', () => {
    const path = fc.array(place, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        anySeed,
        path,
        anyNumber(0.5, 16),
        label,
        rule,
        (n, points, radius, byte, rule) => {
          const before = patchwork(n);
          at.paint(before);
          // What a stroke without any rule reaches; other tests hold that against geometry.
          const reach = reached(points, radius);
          const stroke = at.session.beginStroke({ z: 0, label: byte, radius, rule, name: 'Brush' });
          stroke.extend(points);
          const kept = stroke.commit();
          const changed = compare(before, (i) => (reach[i] === 1 ? byte : null), rule);
          // A stroke may leave the scene, where everything is untouched.
          if (changed > 0) expect(kept).toBe(true);
          while (at.session.undo());
          expect(at.read().every((byte) => byte === UNTOUCHED)).toBe(true);
        },
      ),
      { numRuns: 50, seed: 2026 },
    );
    bothHappened();
  });

  function reached(points: readonly Point[], radius: number): Uint8Array {
    const before = at.read();
    const mark = 0x7e;
    expect(before).not.toContain(mark);
    const stroke = at.session.beginStroke({
      z: 0,
      label: mark,
      radius,
      rule: everywhere,
      name: 'Mark',
    });
    stroke.extend(points);
    const reach = at.read().map((byte) => (byte === mark ? 1 : 0));
    stroke.abort();
    expect(Buffer.compare(at.read(), before)).toBe(0);
    return reach;
  }
});
