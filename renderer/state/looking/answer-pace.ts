/** With fewer places gone through no guess is worth showing. */
const LEAST_ANSWERS = 10;
/** Only the newest tell how it goes now: the first are the hardest and the slowest. */
const LAST_ANSWERS = 40;

/** How fast places are answered: the time at the canvas that each of the last took, in seconds, oldest first. */
export interface AnswerPace {
  /** Time at the canvas when the place in view came up, in seconds; null = none is in view. */
  readonly since: number | null;
  readonly took: readonly number[];
}

export const noAnswers: AnswerPace = { since: null, took: [] };

/** A place comes up when `active` seconds were spent at the canvas. */
export const withPlace = (pace: AnswerPace, active: number): AnswerPace => ({
  ...pace,
  since: active,
});

/** The place in view was answered or skipped. */
export function withAnswer({ since, took }: AnswerPace, active: number): AnswerPace {
  if (since === null) return { since, took };
  return { since: null, took: [...took, active - since].slice(-LAST_ANSWERS) };
}

/** Seconds at the canvas that `places` more would take at this pace; null while too little is known. */
export function secondsForPlaces({ took }: AnswerPace, places: number): number | null {
  if (took.length < LEAST_ANSWERS) return null;
  return (places * took.reduce((sum, one) => sum + one, 0)) / took.length;
}
