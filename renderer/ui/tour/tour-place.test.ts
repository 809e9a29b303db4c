import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeCard, type Box } from './tour-place';

/** The slice of a 1440 × 900 window, and of the smallest. */
const room = { x: 52, y: 92, width: 1068, height: 732 };
const small = { x: 48, y: 92, width: 632, height: 432 };
const card = { width: 340, height: 180 };

const apart = (a: Box, b: Box): boolean =>
  a.x >= b.x + b.width || a.x + a.width <= b.x || a.y >= b.y + b.height || a.y + a.height <= b.y;

describe('the card of the tour', () => {
  it('hangs under a button of the top bar, and stands beside one of the rail', () => {
    const under = placeCard({ x: 500, y: 8, width: 120, height: 32 }, card, room);
    expect(Math.abs(under.x + card.width / 2 - 560)).toBeLessThan(1);
    expect(under.y - room.y).toBeLessThan(20);
    const beside = placeCard({ x: 6, y: 300, width: 40, height: 40 }, card, room);
    expect(beside.x - room.x).toBeLessThan(20);
    expect(Math.abs(beside.y + card.height / 2 - 320)).toBeLessThan(1);
  });

  it('stays over the slice wherever its anchor is, so that it covers no control', () => {
    const side = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(
        side(1400),
        side(880),
        side(400),
        side(200),
        fc.constantFrom(room, small),
        (x, y, width, height, over) => {
          const anchor = { x, y, width, height };
          const at = { ...placeCard(anchor, card, over), ...card };
          expect(at.x).toBeGreaterThanOrEqual(over.x);
          expect(at.y).toBeGreaterThanOrEqual(over.y);
          expect(at.x + at.width).toBeLessThanOrEqual(over.x + over.width);
          expect(at.y + at.height).toBeLessThanOrEqual(over.y + over.height);
          if (apart(anchor, over)) expect(apart(anchor, at)).toBe(true);
        },
      ),
      { seed: 2026 },
    );
  });
});
