import { type MarkedSlice, TISSUE } from './marks';
import { ValueSpread } from './value-spread';

/** Side of the blocks whose means are compared: wider than any camera's noise is correlated, narrower than cells. */
const BLOCK = 8;
/** With fewer blocks nothing can be said. */
const FEWEST_BLOCKS = 64;
/**
 * Structure (`structureOf`) that a slice has at least, where few blocks tell of
 * it. Small slices of noise have 1 ± 0.2, also over a shade; ISBI and VNC have
 * 15 to 27, and 2.2 to 4 with noise of a deviation of 100 grey values of 256
 * over them.
 */
const LEAST_STRUCTURE = 1.6;
/**
 * The more blocks, the narrower noise keeps to 1: sixteen ISBI slices of 512²,
 * faint, shaded and counted with six electrons a pixel, have 1.30 to 1.63,
 * noise of that size 0.96 to 1.08.
 */
const NOISE_STRUCTURE = 1.1;
/** Deviations of the mean that noise may lie above that. */
const DEVIATIONS = 5;

/** The mean of n squares of neighbouring, overlapping differences deviates by about √(4 / n). */
function leastStructure(triples: number): number {
  return Math.min(LEAST_STRUCTURE, NOISE_STRUCTURE + DEVIATIONS * Math.sqrt(4 / triples));
}

/** Neighbouring pixels of noise differ as much as any two do; those of a pattern do not. */
const LEAST_DIFFERENCE = 0.6;

/**
 * Whether a slice holds noise and nothing else, as a camera leaves it where no
 * section lay, evenly lit or not. Values beyond the outer percentiles are pulled
 * in, so that hot pixels do not decide.
 */
export function isNoise(slice: MarkedSlice): boolean {
  const found = structureOf(slice);
  return (
    found !== null &&
    found.structure < leastStructure(found.triples) &&
    found.difference > LEAST_DIFFERENCE
  );
}

/**
 * `structure`: how far the mean of a block lies from that between its neighbours to the left
 * and right, squared, over what noise of the same strength would give.
 * `difference`: half the squared difference of neighbours over the variance.
 * `triples`: blocks with a neighbour on either side. Null where too little is there to say.
 */
function structureOf({ width, height, values, marks }: MarkedSlice): {
  readonly structure: number;
  readonly difference: number;
  readonly triples: number;
} | null {
  const spread = ValueSpread.of({ width, height, values, marks });
  const low = spread.quantile(0.01);
  const high = spread.quantile(0.99);
  let blocks = 0;
  let within = 0;
  let apart = 0;
  let triples = 0;
  let squares = 0;
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    const means: (number | null)[] = [];
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      const block = blockOf({ width, height, values, marks }, left, top, low, high);
      means.push(block?.mean ?? null);
      if (block === null) continue;
      blocks += 1;
      within += block.variance;
      apart += block.difference;
      const [before, middle] = [means.at(-3) ?? null, means.at(-2) ?? null];
      if (before === null || middle === null) continue;
      triples += 1;
      squares += (middle - (before + block.mean) / 2) ** 2 / 1.5;
    }
  }
  if (triples < FEWEST_BLOCKS || !(within > 0)) return null;
  return {
    structure: ((squares / triples) * BLOCK * BLOCK) / (within / blocks),
    difference: apart / within,
    triples,
  };
}

/** Mean, variance and half the mean squared difference of neighbours of a block, around the middle of the range; null where not all of it is tissue. */
function blockOf(
  { width, values, marks }: MarkedSlice,
  left: number,
  top: number,
  low: number,
  high: number,
): { readonly mean: number; readonly variance: number; readonly difference: number } | null {
  const middle = (low + high) / 2;
  let sum = 0;
  let squares = 0;
  let apart = 0;
  for (let y = top; y < top + BLOCK; y += 1) {
    let before = 0;
    for (let x = left; x < left + BLOCK; x += 1) {
      const at = y * width + x;
      if (marks[at] !== TISSUE) return null;
      const value = Math.min(high, Math.max(low, values[at] ?? 0)) - middle;
      sum += value;
      squares += value * value;
      if (x > left) apart += (value - before) ** 2 / 2;
      before = value;
    }
  }
  const count = BLOCK * BLOCK;
  const mean = sum / count;
  return {
    mean,
    variance: Math.max(0, squares / count - mean * mean),
    difference: apart / (BLOCK * (BLOCK - 1)),
  };
}

/** Half the side of the square in pixels that noise is averaged over. */
const REACH = 2;

/** The mean of 5 × 5 pixels around each, of those that are tissue; the pixel itself where it is none. */
export function averaged(slice: MarkedSlice): MarkedSlice {
  const { width, height, values, marks } = slice;
  const sums = new Float64Array(width * height);
  const counts = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      let count = 0;
      for (let there = Math.max(0, x - REACH); there <= Math.min(width - 1, x + REACH); there += 1)
        if (marks[y * width + there] === TISSUE) {
          sum += values[y * width + there] ?? 0;
          count += 1;
        }
      sums[y * width + x] = sum;
      counts[y * width + x] = count;
    }
  const means = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      let sum = 0;
      let count = 0;
      for (let row = Math.max(0, y - REACH); row <= Math.min(height - 1, y + REACH); row += 1) {
        sum += sums[row * width + x] ?? 0;
        count += counts[row * width + x] ?? 0;
      }
      means[at] = count > 0 ? sum / count : (values[at] ?? 0);
    }
  return { width, height, values: means, marks };
}
