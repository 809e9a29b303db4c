import type { ModelVersion } from '#contract/entities';
import type { ProjectId } from '#contract/ids';
import { tourPlaces, type TourPlace } from './tour-places';

/** What the tour shows, one real action after the other; the last is only to be read. */
export const tourSteps = ['segment', 'paint', 'retrain', 'end'] as const;
export type TourStep = (typeof tourSteps)[number];

/** What the steps wait for, as it stands now. */
export interface TourFacts {
  readonly slicePredicted: boolean;
  /** Share (0…1) of the tour's place that is painted as interior. */
  readonly mended: number;
  readonly models: number;
  /** The newest version, when a retraining made it. */
  readonly newest: Pick<ModelVersion, 'id' | 'name' | 'status' | 'training'> | null;
}

/** A place counts as mended from here on: most of what is wrong there, without asking for care at its edge. */
const MENDED = 0.4;

/** A version that gets so much more of its strokes right by itself has learnt them; the gate asks as much of strokes that it never saw. */
const LEARNT = 0.12;

/** What a version that is not in use has learnt of the strokes: shares right by itself, before and now; null where that is next to nothing. */
export function learntOf(
  made: NonNullable<TourFacts['newest']>,
): { readonly before: number; readonly after: number } | null {
  const trained = made.training?.obedience?.trained ?? null;
  return trained !== null && trained.after - trained.before >= LEARNT ? trained : null;
}

/** The action of a step was done since it began. */
export function stepDone(step: TourStep, now: TourFacts, before: TourFacts): boolean {
  switch (step) {
    case 'segment':
      return now.slicePredicted;
    case 'paint':
      return now.mended >= MENDED;
    case 'retrain':
      return now.models > before.models;
    case 'end':
      return false;
  }
}

/** The tour on the sample: where it stands, and when it goes on. */
export class TourState {
  step = $state<TourStep | null>(null);
  /** The project that it is taken in; another one hides it. */
  project = $state<ProjectId | null>(null);
  /** Where the model is wrong, and the tour has it mended. */
  place = $state.raw<TourPlace>(tourPlaces[0]);
  /** The version that the tour's own retraining made; null = none yet. */
  made = $state.raw<TourFacts['newest']>(null);
  #before: TourFacts | null = null;

  readonly index = $derived(this.step === null ? -1 : tourSteps.indexOf(this.step));

  /** Begins, or goes on, at a step (0 = the first). */
  start(project: ProjectId, index: number, place: TourPlace, facts: TourFacts): void {
    this.project = project;
    this.place = place;
    this.made = null;
    this.#enter(tourSteps[index] ?? tourSteps[0], facts);
  }

  /** Goes on when the action that the step waits for was done. */
  follow(facts: TourFacts): void {
    if (this.step === null || this.#before === null) return;
    if (!stepDone(this.step, facts, this.#before)) return;
    if (this.step === 'retrain') this.made = facts.newest;
    this.next(facts);
  }

  /** On without the action. */
  next(facts: TourFacts): void {
    this.#enter(tourSteps[this.index + 1] ?? 'end', facts);
  }

  /** Leaves it; where it stood is the caller's to remember. */
  leave(): void {
    this.step = null;
    this.#before = null;
  }

  #enter(step: TourStep, facts: TourFacts): void {
    this.step = step;
    this.#before = facts;
  }
}
