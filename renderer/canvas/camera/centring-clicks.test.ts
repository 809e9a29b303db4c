import { describe, expect, it } from 'vitest';
import { CentringClicks } from './centring-clicks';

describe('a double click with Space held', () => {
  const at = { x: 100, y: 80 };

  it('is two presses close in time and place', () => {
    const clicks = new CentringClicks();
    clicks.hold(true);
    expect(clicks.press(at, 1000)).toBe(false);
    expect(clicks.press({ x: 102, y: 81 }, 1200)).toBe(true);
    // A third press begins anew.
    expect(clicks.press(at, 1300)).toBe(false);
  });

  it('is not two drags, nor two presses with a pause, nor clicks of the brush', () => {
    const clicks = new CentringClicks();
    clicks.hold(true);
    clicks.press(at, 1000);
    expect(clicks.press({ x: 140, y: 80 }, 1100)).toBe(false);
    expect(clicks.press({ x: 140, y: 80 }, 1900)).toBe(false);
    clicks.hold(false);
    expect(clicks.press({ x: 140, y: 80 }, 1950)).toBe(false);
    clicks.hold(true);
    expect(clicks.press({ x: 140, y: 80 }, 2000)).toBe(false);
  });
});
