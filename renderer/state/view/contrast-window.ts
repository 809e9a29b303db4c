import type { SliceStatistics } from '#contract/entities';

/** Raw values shown black and white. */
export interface ContrastWindow {
  readonly min: number;
  readonly max: number;
}

/** Share of the window that both ends may be off before contrast is set anew: too little to be seen, and as much as slices of one stack differ. */
const STEADY = 0.02;

/** A slice's automatic contrast: its 0.5 and 99.5 percentiles, or where they are one value the whole range. */
export function automaticWindow({ low, high, min, max }: SliceStatistics): ContrastWindow {
  return high > low ? { min: low, max: high } : { min, max: max > min ? max : min + 1 };
}

/**
 * The window to go on with: the one in force where the next hardly differs, so
 * that turning slices neither flickers nor colours every tile anew.
 */
export function steadyWindow(inForce: ContrastWindow | null, next: ContrastWindow): ContrastWindow {
  if (!inForce) return next;
  const room = STEADY * (next.max - next.min);
  const near = Math.abs(next.min - inForce.min) <= room && Math.abs(next.max - inForce.max) <= room;
  return near ? inForce : next;
}
