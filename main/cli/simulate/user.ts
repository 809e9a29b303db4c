import { confirmed, INTERIOR, MEMBRANE, painted, UNTOUCHED } from '#contract/label-byte';
import { mistakesOf, type JudgedSlice, type Mistake } from './mistakes';
import { pathThrough, strokeAlong } from './path';

/**
 * Who corrects. `honest` paints the largest mistakes as they should be; the
 * others are what must not do harm: `inverted` paints the other class, `random`
 * any class anywhere, `one-class` calls all of it membrane, `wrong-slice` paints
 * what belongs on another slice, `fat-brush` paints nine pixels wide.
 */
export const users = [
  'honest',
  'inverted',
  'random',
  'one-class',
  'wrong-slice',
  'fat-brush',
] as const;
export type User = (typeof users)[number];

export interface SimulatedHand {
  readonly user: User;
  /** At most so many strokes a slice. */
  readonly strokes: number;
  /** Only the user `random` needs one. */
  readonly seed: number;
  /** The rest of the slice is confirmed with the mask shown. */
  readonly confirm: boolean;
}

export interface SimulatedLabels {
  /** Label bytes, row by row. */
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly strokes: number;
  readonly paintedPixels: number;
  /** Mistakes that were there to correct. */
  readonly mistakes: number;
}

/** What a hand draws along without lifting, in pixels. */
const LONGEST = 60;
const RADIUS = 1;
const FAT_RADIUS = 4;

/** Small, seeded, the same everywhere (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const rightClass = ({ kind }: Mistake): number => (kind === 'gap' ? MEMBRANE : INTERIOR);

/**
 * What a user with a narrow brush leaves on a slice: the largest mistakes of
 * the mask shown, one stroke each, and the rest confirmed. For `wrong-slice`
 * the slice that is looked at is another one than the mask that is confirmed:
 * `elsewhere`.
 */
export function simulatedCorrections(
  slice: JudgedSlice,
  { user, strokes: most, seed, confirm }: SimulatedHand,
  elsewhere: JudgedSlice = slice,
): SimulatedLabels {
  const { width, height, mask } = slice;
  const labels = new Uint8Array(width * height);
  const mistakes = mistakesOf(user === 'wrong-slice' ? elsewhere : slice);
  const next = numbers(seed);
  const chosen = mistakes.slice(0, most);
  for (const mistake of chosen) {
    const way = pathThrough(mistake.places, slice, LONGEST);
    const along = user === 'random' ? shifted(way, slice, next) : way;
    const label = painted(classFor(user, mistake, next));
    for (const at of strokeAlong(along, slice, user === 'fat-brush' ? FAT_RADIUS : RADIUS))
      labels[at] = label;
  }
  const paintedPixels = labels.reduce((sum, label) => sum + (label === UNTOUCHED ? 0 : 1), 0);
  if (confirm)
    labels.forEach((label, at) => {
      if (label === UNTOUCHED) labels[at] = confirmed(mask[at] === 1 ? MEMBRANE : INTERIOR);
    });
  return { labels, strokes: chosen.length, paintedPixels, mistakes: mistakes.length };
}

function classFor(user: User, mistake: Mistake, next: () => number): number {
  const right = rightClass(mistake);
  switch (user) {
    case 'honest':
    case 'wrong-slice':
    case 'fat-brush':
      return right;
    case 'inverted':
      return right === MEMBRANE ? INTERIOR : MEMBRANE;
    case 'one-class':
      return MEMBRANE;
    case 'random':
      return next() < 0.5 ? MEMBRANE : INTERIOR;
  }
}

/** The same stroke somewhere else on the slice. */
function shifted(
  way: readonly number[],
  { width, height }: JudgedSlice,
  next: () => number,
): number[] {
  const dx = Math.floor(next() * width);
  const dy = Math.floor(next() * height);
  return way.map((at) => {
    const x = ((at % width) + dx) % width;
    const y = (Math.floor(at / width) + dy) % height;
    return y * width + x;
  });
}
