import { describe, expect, it } from 'vitest';
import { ProjectId } from '#contract/ids';
import { TourState, type TourFacts } from './tour.svelte';

const project = ProjectId.parse('p1');
const start: TourFacts = { slicePredicted: false, painted: 100, confirmed: 0, models: 2 };

describe('the tour', () => {
  it('goes on when the real thing was done, and only then', () => {
    const tour = new TourState();
    tour.start(project, 0, start);
    tour.follow(start);
    expect(tour.step).toBe('segment');
    const segmented = { ...start, slicePredicted: true };
    tour.follow(segmented);
    expect(tour.step).toBe('paint');
    // What was painted before the step began does not count.
    tour.follow(segmented);
    expect(tour.step).toBe('paint');
    const painted = { ...segmented, painted: 180 };
    tour.follow(painted);
    const confirmed = { ...painted, confirmed: 5000 };
    tour.follow(confirmed);
    expect(tour.step).toBe('retrain');
    tour.follow({ ...confirmed, models: 3 });
    expect(tour.step).toBe('end');
  });

  it('begins where it was left', () => {
    const tour = new TourState();
    tour.start(project, 2, start);
    expect([tour.step, tour.index]).toEqual(['confirm', 2]);
    tour.leave();
    tour.follow({ ...start, confirmed: 10 });
    expect(tour.step).toBeNull();
  });

  it('takes a step that this version does not know as the first', () => {
    const tour = new TourState();
    tour.start(project, 20, start);
    expect(tour.step).toBe('segment');
  });
});
