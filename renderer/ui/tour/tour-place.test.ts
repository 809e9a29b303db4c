import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeCard } from './tour-place';

const view = { width: 1440, height: 900 };
const card = { width: 320, height: 180 };

describe('the card of the tour', () => {
  it('hangs under a button of the top bar, and stands beside one of the rail', () => {
    const under = placeCard({ x: 700, y: 8, width: 120, height: 32 }, card, view);
    expect(under.y).toBeGreaterThan(40);
    expect(Math.abs(under.x + card.width / 2 - 760)).toBeLessThan(1);
    const beside = placeCard({ x: 6, y: 300, width: 40, height: 40 }, card, view);
    expect(beside.x).toBeGreaterThan(46);
    expect(beside.y).toBeLessThan(340);
  });

  it('leaves the other tools of the rail free, also in a low window', () => {
    const low = { width: 1024, height: 640 };
    const { x } = placeCard({ x: 2, y: 50, width: 44, height: 36 }, card, low);
    expect(x).toBeGreaterThan(46);
  });

  it('goes to the left where the right edge is near', () => {
    const { x } = placeCard({ x: 1300, y: 400, width: 100, height: 40 }, card, view);
    expect(x + card.width).toBeLessThanOrEqual(1300);
  });

  it('stays inside the window wherever its anchor is', () => {
    const side = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(side(1400), side(880), side(400), side(200), (x, y, width, height) => {
        const at = placeCard({ x, y, width, height }, card, view);
        expect(at.x).toBeGreaterThanOrEqual(0);
        expect(at.y).toBeGreaterThanOrEqual(0);
        expect(at.x + card.width).toBeLessThanOrEqual(view.width);
        expect(at.y + card.height).toBeLessThanOrEqual(view.height);
      }),
    );
  });
});
