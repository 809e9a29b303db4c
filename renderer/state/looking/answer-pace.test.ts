import { describe, expect, it } from 'vitest';
import { noAnswers, secondsForPlaces, withAnswer, withPlace, type AnswerPace } from './answer-pace';

/** Places that took so many seconds each, and pauses between them that belong to none. */
function answered(...took: readonly number[]): AnswerPace {
  let active = 0;
  return took.reduce((pace, seconds) => {
    active += 100;
    const before = withPlace(pace, active);
    active += seconds;
    return withAnswer(before, active);
  }, noAnswers);
}

describe('the time that the rest of the places will take', () => {
  it('is not guessed from fewer than ten', () => {
    expect(secondsForPlaces(answered(...Array<number>(9).fill(6)), 100)).toBeNull();
    expect(secondsForPlaces(answered(...Array<number>(10).fill(6)), 100)).toBeCloseTo(600);
  });

  it('goes by what the last ones took', () => {
    const faster = answered(...Array<number>(60).fill(30), ...Array<number>(40).fill(6));
    expect(secondsForPlaces(faster, 10)).toBeCloseTo(60);
    expect(
      secondsForPlaces(answered(...Array<number>(5).fill(4), ...Array<number>(5).fill(8)), 10),
    ).toBeCloseTo(60);
  });

  it('needs a place to answer', () => {
    expect(withAnswer(noAnswers, 20).took).toEqual([]);
  });
});
