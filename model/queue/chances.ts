const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

/** How many times a part doubles the smallest cell there is. */
const doublings = (pixels: number): number => Math.log2(pixels / 150);

/*
 * Logistic fits on slices 0, 4, 8 and 12 of VNC stack 1, as it is and mildly
 * degraded and conditioned, with isbi-base8, whose weights have never seen it:
 * a place counts as wrong where the error list has a wrong wall of that kind
 * within 10 pixels. How often a place is wrong depends on the stack: the order
 * carries over, the share does not (unconditioned, half of all crests are
 * merges).
 */

/**
 * That a wall is missing where two parts of a mask meet over a crest. 402
 * crests, 59 of them merges; AUC 0.62 (conditioned), 0.74 (as it is).
 *
 * @param smaller pixels of the interior of the smaller part, at least 150
 * @param crest height of the lowest pass over the threshold, in [0, 1)
 */
export function chanceOfMissingWall(smaller: number, crest: number): number {
  return logistic(-2.83 + 1.88 * crest + 0.16 * doublings(smaller));
}

/**
 * That a wall of the mask is none. 5407 walls, 250 of them splits; AUC 0.81
 * and 0.85. The slope of the log-odds is near 1: on walls the map's own
 * probability is nearly right.
 *
 * @param smaller pixels of the interior of the smaller part, at least 150
 * @param mean of the map along the wall, in bytes
 */
export function chanceOfFalseWall(smaller: number, mean: number): number {
  const odds = (256 - mean) / Math.max(1, mean);
  return logistic(0.78 + 0.94 * Math.log(odds) - 0.29 * doublings(smaller));
}
