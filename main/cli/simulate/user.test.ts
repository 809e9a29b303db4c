import { describe, expect, it } from 'vitest';
import { classOf, INTERIOR, isConfirmed, MEMBRANE } from '#contract/label-byte';
import { mistakesOf } from './mistakes';
import { simulatedCorrections, users, type User } from './user';

const side = 96;

/** Nine cells of 28² between walls of 3 pixels. */
function truth(): Uint8Array {
  const wall = (at: number): boolean => at % 31 < 3;
  return Uint8Array.from({ length: side * side }, (_, i) =>
    wall(i % side) || wall(Math.floor(i / side)) ? 1 : 0,
  );
}

function changed(rect: readonly [number, number, number, number], value: number): Uint8Array {
  const mask = truth();
  const [left, top, width, height] = rect;
  for (let y = top; y < top + height; y += 1)
    mask.fill(value, y * side + left, y * side + left + width);
  return mask;
}

const judged = (mask: Uint8Array) => ({ mask, truth: truth(), width: side, height: side });
const hand = (user: User) => ({ user, strokes: 15, seed: 3, confirm: true });

describe('a simulated user', () => {
  it('has nothing to correct in a perfect mask, nor in one that is only drawn wider', () => {
    expect(mistakesOf(judged(truth()))).toEqual([]);
    const wider = changed([34, 3, 1, 28], 1);
    expect(mistakesOf(judged(wider))).toEqual([]);
  });

  it('closes a gap where two cells run together, with membrane along the middle of the true wall', () => {
    const slice = judged(changed([31, 6, 3, 10], 0));
    const [mistake, ...others] = mistakesOf(slice);
    expect(others).toEqual([]);
    expect(mistake).toMatchObject({ kind: 'gap', size: 28 * 28 });
    const { labels, strokes } = simulatedCorrections(slice, hand('honest'));
    expect(strokes).toBe(1);
    const drawn = [...labels.keys()].filter((at) => !isConfirmed(labels[at] ?? 0));
    expect(drawn.length).toBeGreaterThan(15);
    for (const at of drawn) {
      expect(classOf(labels[at] ?? 0)).toBe(MEMBRANE);
      expect(Math.abs((at % side) - 32)).toBeLessThanOrEqual(2);
    }
  });

  it('wipes a wall that parts a cell, and a blob that does not', () => {
    const wall = mistakesOf(judged(changed([3, 15, 28, 3], 1)));
    expect(wall.map(({ kind }) => kind)).toContain('wall');
    const blob = mistakesOf(judged(changed([8, 8, 8, 8], 1)));
    expect(blob).toMatchObject([{ kind: 'blob', size: 64 }]);
    const { labels } = simulatedCorrections(judged(changed([8, 8, 8, 8], 1)), hand('honest'));
    const drawn = labels.filter((label) => !isConfirmed(label));
    expect(new Set(drawn)).toEqual(new Set([INTERIOR]));
  });

  it('makes at most the strokes it may, of three pixels by sixty, and confirms the mask elsewhere', () => {
    const slice = judged(changed([3, 3, 90, 90], 0));
    expect(mistakesOf(slice).length).toBeGreaterThan(2);
    const { labels, strokes, paintedPixels } = simulatedCorrections(slice, {
      ...hand('honest'),
      strokes: 2,
    });
    expect(strokes).toBe(2);
    expect(paintedPixels).toBeLessThanOrEqual(2 * 3 * 62);
    labels.forEach((label, at) => {
      if (isConfirmed(label))
        expect(classOf(label)).toBe(slice.mask[at] === 1 ? MEMBRANE : INTERIOR);
    });
  });

  it.each(users)('is the same every time: %s', (user) => {
    const slice = judged(changed([31, 6, 3, 10], 0));
    const once = simulatedCorrections(slice, hand(user));
    expect(simulatedCorrections(slice, hand(user))).toEqual(once);
    expect(once.strokes).toBe(1);
  });

  it('inverted paints the other class; a fat brush paints more of the same', () => {
    const slice = judged(changed([31, 6, 3, 10], 0));
    const honest = simulatedCorrections(slice, hand('honest'));
    const inverted = simulatedCorrections(slice, hand('inverted'));
    expect(inverted.paintedPixels).toBe(honest.paintedPixels);
    expect(inverted.labels).toContain(INTERIOR);
    const fat = simulatedCorrections(slice, hand('fat-brush'));
    expect(fat.paintedPixels).toBeGreaterThan(2 * honest.paintedPixels);
  });
});
