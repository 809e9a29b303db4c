import type { ProjectId } from '#contract/ids';

/** What the tour shows, one real action after the other; the last is only to be read. */
export const tourSteps = ['segment', 'paint', 'confirm', 'retrain', 'end'] as const;
export type TourStep = (typeof tourSteps)[number];

/** What the steps wait for, as it stands now. */
export interface TourFacts {
  readonly slicePredicted: boolean;
  /** Pixels of the stack. */
  readonly painted: number;
  readonly confirmed: number;
  readonly models: number;
}

/** The action of a step was done since it began. */
export function stepDone(step: TourStep, now: TourFacts, before: TourFacts): boolean {
  switch (step) {
    case 'segment':
      return now.slicePredicted;
    case 'paint':
      return now.painted > before.painted;
    case 'confirm':
      return now.confirmed > before.confirmed;
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
  #before: TourFacts | null = null;

  readonly index = $derived(this.step === null ? -1 : tourSteps.indexOf(this.step));

  /** Begins, or goes on, at a step (0 = the first). */
  start(project: ProjectId, index: number, facts: TourFacts): void {
    this.project = project;
    this.#enter(tourSteps[index] ?? tourSteps[0], facts);
  }

  /** Goes on when the action that the step waits for was done. */
  follow(facts: TourFacts): void {
    if (this.step === null || this.#before === null) return;
    if (stepDone(this.step, facts, this.#before)) this.next(facts);
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
