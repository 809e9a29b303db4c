import { describe, expect, it } from 'vitest';
import { noPace, secondsToGo, withReview } from './review-pace';

/** Looks at the reviewed area, as [minutes since opening, slices]. */
function pace(...looks: readonly (readonly [number, number])[]) {
  return looks.reduce((so, [minutes, slices]) => withReview(so, minutes * 60_000, slices), noPace);
}

describe('the time that a review will take', () => {
  it('is not guessed from nothing', () => {
    expect(secondsToGo(noPace, 10)).toBeNull();
    expect(secondsToGo(pace([0, 2], [1, 2.05]), 10)).toBeNull();
    expect(secondsToGo(pace([0, 0], [1, 1]), 10)).toBeNull();
  });

  it('goes on as it went since the project was opened', () => {
    const steady = pace([0, 3], [1, 3.2], [2, 3.4], [3, 3.6], [4, 3.8]);
    expect(secondsToGo(steady, 8)).toBeCloseTo(8 * 300);
  });

  it('leaves breaks out, and takes back what was undone', () => {
    const lunch = pace([0, 0], [1, 0.5], [61, 0.5], [62, 1], [63, 1]);
    expect(lunch.seconds).toBe(180);
    const undone = pace([0, 0], [1, 0.6], [2, 0.1], [3, 0.1]);
    expect(undone.slices).toBeCloseTo(0.1);
    expect(secondsToGo(undone, 5)).toBeNull();
  });
});
