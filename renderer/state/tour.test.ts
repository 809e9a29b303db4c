import { describe, expect, it } from 'vitest';
import { ModelId, ProjectId } from '#contract/ids';
import { freshPlace, shareOfPlace, tourPlaces } from './tour-places';
import { learntOf, TourState, type TourFacts } from './tour.svelte';

const project = ProjectId.parse('p1');
const [place] = tourPlaces;
const version = (name: string, after = 1): NonNullable<TourFacts['newest']> => ({
  id: ModelId.parse(name),
  name,
  status: { kind: 'accepted', reason: 'Better.' },
  training: {
    steps: 1,
    seconds: 1,
    engine: '',
    device: '',
    slices: null,
    seed: 0,
    summary: '',
    curve: [],
    obedience: { trained: { before: 0.5, after }, held: null },
  },
});
const start: TourFacts = { slicePredicted: false, mended: 0, models: 2, newest: null };

describe('the tour', () => {
  it('goes on when the real thing was done, and only then', () => {
    const tour = new TourState();
    tour.start(project, 0, place, start);
    tour.follow(start);
    expect(tour.step).toBe('segment');
    const segmented = { ...start, slicePredicted: true };
    tour.follow(segmented);
    expect(tour.step).toBe('paint');
    // A touch is no correction: most of the wrong place has to be painted.
    tour.follow({ ...segmented, mended: 0.1 });
    expect(tour.step).toBe('paint');
    const mended = { ...segmented, mended: 0.6 };
    tour.follow(mended);
    expect(tour.step).toBe('retrain');
    const newest = version('two');
    tour.follow({ ...mended, models: 3, newest });
    expect([tour.step, tour.made]).toEqual(['end', newest]);
  });

  it('tells of no version that it did not make', () => {
    const tour = new TourState();
    const newest = version('old');
    tour.start(project, 2, place, { ...start, newest });
    tour.next({ ...start, newest });
    expect([tour.step, tour.made]).toEqual(['end', null]);
  });

  it('begins where it was left', () => {
    const tour = new TourState();
    tour.start(project, 1, place, start);
    expect([tour.step, tour.index]).toEqual(['paint', 1]);
    tour.leave();
    tour.follow({ ...start, mended: 1 });
    expect(tour.step).toBeNull();
  });

  it('takes a step that this version does not know as the first', () => {
    const tour = new TourState();
    tour.start(project, 20, place, start);
    expect(tour.step).toBe('segment');
  });
});

describe('the places of the tour', () => {
  it('are on slices of their own, the first that nobody has worked on', () => {
    expect(freshPlace(() => true)).toBe(place);
    expect(freshPlace((z) => z !== place.z)).toBe(tourPlaces[1]);
    expect(freshPlace(() => false)).toBe(place);
    expect(new Set(tourPlaces.map(({ z }) => z)).size).toBe(tourPlaces.length);
  });

  it('count the pixels within their ellipse', () => {
    expect(shareOfPlace(place, () => true)).toBe(1);
    const left = shareOfPlace(place, (x) => x < place.centre.x);
    expect(left).toBeGreaterThan(0.45);
    expect(left).toBeLessThan(0.5);
  });

  it('tells what a version has learnt of the strokes, where that is something', () => {
    expect(learntOf(version('good', 0.9))).toEqual({ before: 0.5, after: 0.9 });
    expect(learntOf(version('same', 0.55))).toBeNull();
    expect(learntOf({ ...version('other'), training: null })).toBeNull();
  });
});
