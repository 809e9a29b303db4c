/** A break: time between two changes of the review that was spent elsewhere, in seconds. */
const BREAK_SECONDS = 90;
/** Before so much was seen, no guess is worth showing: reviewed share of a slice, and seconds of work. */
const LEAST_SLICES = 0.2;
const LEAST_SECONDS = 120;

/** How fast the review has gone since the project was opened; breaks don't count. */
export interface ReviewPace {
  /** When the reviewed area last changed, in milliseconds, and what it was then, in slices. */
  readonly last: { readonly at: number; readonly slices: number } | null;
  readonly seconds: number;
  readonly slices: number;
}

export const noPace: ReviewPace = { last: null, seconds: 0, slices: 0 };

/** The pace with one more look at the reviewed area taken in; `at` in milliseconds. What is taken back counts back. */
export function withReview(pace: ReviewPace, at: number, slices: number): ReviewPace {
  const { last } = pace;
  if (last === null) return { ...pace, last: { at, slices } };
  const passed = (at - last.at) / 1000;
  return {
    last: { at, slices },
    seconds: pace.seconds + (passed <= BREAK_SECONDS ? passed : 0),
    slices: pace.slices + slices - last.slices,
  };
}

/** Seconds that the rest would take at this pace; null while too little is known. */
export function secondsToGo(pace: ReviewPace, slicesLeft: number): number | null {
  if (pace.slices < LEAST_SLICES || pace.seconds < LEAST_SECONDS) return null;
  return (slicesLeft * pace.seconds) / pace.slices;
}
