import { classOf, UNTOUCHED, VOID } from '#contract/label-byte';
import { isPainted } from './training-set';

/** Fewer painted pixels of a class than this teach nothing: about one short brush stroke. */
export const FEWEST_OF_CLASS = 64;

/**
 * Together the pixels that nobody painted count this many times as much, as
 * "not of the class", as all strokes on the slices that train. Without them a
 * class is drawn wherever nobody said no (its map is right at a threshold of
 * 0.9 and nonsense at 0.5). Those of them that are of the class are few beside
 * the strokes that say so, and are outvoted.
 */
const UNPAINTED_TO_PAINTED = 2;
/** A pixel that nobody painted counts at most this much of a stroke's. */
const HEAVIEST = 0.25;
/** What a version itself says of a class that it knows, where nobody painted. */
const OWN_ANSWER = 0.125;

/** Painted pixels of each class, by its number. */
export function paintedPixels(slices: readonly Uint8Array[]): ReadonlyMap<number, number> {
  const counts = new Uint32Array(128);
  for (const labels of slices)
    for (const label of labels)
      if (isPainted(label)) counts[classOf(label)] = (counts[classOf(label)] ?? 0) + 1;
  return new Map([...counts.entries()].filter(([, count]) => count > 0));
}

/**
 * Labels as membranes are taught from them: pixels painted with a class that
 * has a map of its own say nothing of membrane, as if nobody had painted there.
 */
export function membraneLabels(
  labels: Uint8Array<ArrayBuffer>,
  mapped: ReadonlySet<number>,
): Uint8Array<ArrayBuffer> {
  if (mapped.size === 0) return labels;
  return labels.map((label) =>
    isPainted(label) && mapped.has(classOf(label)) ? UNTOUCHED : label,
  );
}

/** How much a pixel that nobody painted counts against a class that the model does not know yet. */
export function unpaintedWeight(slices: readonly Uint8Array[]): number {
  let painted = 0;
  let others = 0;
  for (const labels of slices) {
    for (const label of labels) {
      if (isPainted(label)) painted += 1;
      else if (classOf(label) !== VOID) others += 1;
    }
  }
  return Math.min(HEAVIEST, (UNPAINTED_TO_PAINTED * painted) / Math.max(1, others));
}

/** What a slice says about one class: strokes of it, strokes of anything else, and what nobody painted. */
export interface ClassLabels {
  readonly target: Uint8Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
}

/**
 * What one class is taught by a slice. `label`: its number in the labels, null
 * where the project has no such class; `own`: what the version in use says of
 * it, null where it does not know it. Void and held-back places count nothing.
 */
export function classLabels(
  labels: Uint8Array,
  label: number | null,
  own: Uint8Array | null,
  held: Uint8Array | undefined,
  unpainted: number,
): ClassLabels {
  const target = new Uint8Array(labels.length);
  const weight = new Float32Array(labels.length);
  labels.forEach((value, i) => {
    if (classOf(value) === VOID || (held?.[i] ?? 0) !== 0) return;
    if (isPainted(value) && label !== null) {
      target[i] = classOf(value) === label ? 1 : 0;
      weight[i] = 1;
    } else if (own !== null) {
      target[i] = own[i] ?? 0;
      weight[i] = OWN_ANSWER;
    } else if (label !== null) weight[i] = unpainted;
  });
  return { target, weight };
}

/** Probabilities of one class in 256 equal steps: strokes of the class, strokes of anything else, all pixels. */
export interface ClassTally {
  readonly held: { readonly own: Uint32Array; readonly others: Uint32Array };
  readonly trained: { readonly own: Uint32Array; readonly others: Uint32Array };
  readonly all: Uint32Array;
}

export function emptyTally(): ClassTally {
  const bins = (): Uint32Array => new Uint32Array(256);
  return {
    held: { own: bins(), others: bins() },
    trained: { own: bins(), others: bins() },
    all: bins(),
  };
}

export const binOf = (probability: number): number =>
  Math.min(255, Math.max(0, Math.floor(probability * 256)));

/** Adds the map of a slice. `held`: 1 = its strokes judge, 2 = neither judges nor trains; 'all' = all judge. */
export function addTally(
  tally: ClassTally,
  map: Float32Array,
  labels: Uint8Array,
  label: number | null,
  held: Uint8Array | 'all' | undefined,
): void {
  labels.forEach((value, i) => {
    if (classOf(value) === VOID) return;
    const bin = binOf(map[i] ?? 0);
    tally.all[bin] = (tally.all[bin] ?? 0) + 1;
    if (!isPainted(value) || label === null) return;
    const state = held === 'all' ? 1 : (held?.[i] ?? 0);
    if (state === 2) return;
    const part = state === 1 ? tally.held : tally.trained;
    const bins = classOf(value) === label ? part.own : part.others;
    bins[bin] = (bins[bin] ?? 0) + 1;
  });
}

const total = (bins: Uint32Array): number => bins.reduce((sum, count) => sum + count, 0);

/** Pixels at or above a threshold. */
function reaching(bins: Uint32Array, threshold: number): number {
  let sum = 0;
  for (let bin = Math.round(threshold * 256); bin < 256; bin += 1) sum += bins[bin] ?? 0;
  return sum;
}

/**
 * Thresholds that score this much of the best are as good, and the lowest of
 * them is taken: hands paint the middle of a thing, so strokes are still found
 * where its edges are lost. On five rounds of one setting Dice at the threshold
 * was 0.044 below the best on average with the best score itself, 0.029 with
 * 0.85 and 0.017 with this, which was set on them.
 */
const AS_GOOD = 0.9;

/** Thresholds that are tried: from 0.1 to 0.95. */
const tried = Array.from({ length: 18 }, (_, i) => (i + 2) / 20);

/**
 * The threshold of a class of which only strokes are known. How much of the
 * stack is of the class nobody said, so neither Dice nor precision can be
 * taken; r² / q can, r being the share of its strokes that are found and q the
 * share of all pixels that are called so. It is proportional to recall times
 * precision, whatever the true share (Lee and Liu 2003). Of strokes that
 * were kept from training where there are enough, else among all.
 */
export function classThreshold(tally: ClassTally): number {
  const kept = total(tally.held.own) >= FEWEST_OF_CLASS;
  const strokes = kept
    ? tally.held.own
    : tally.held.own.map((count, bin) => count + (tally.trained.own[bin] ?? 0));
  const all = total(tally.all);
  const count = total(strokes);
  if (count === 0 || all === 0) return 0.5;
  const score = (threshold: number): number => {
    const recall = reaching(strokes, threshold) / count;
    const called = reaching(tally.all, threshold) / all;
    return called === 0 ? 0 : recall ** 2 / called;
  };
  const best = Math.max(...tried.map(score));
  return tried.find((threshold) => score(threshold) >= AS_GOOD * best) ?? 0.5;
}

/** Strokes that a version gets wrong: those of the class that it misses, and of anything else that it calls so. */
export interface ClassWrong {
  readonly pixels: { readonly own: number; readonly others: number };
  /** Shares in [0, 1]. */
  readonly own: number;
  readonly others: number;
}

export function classWrong(
  { own, others }: ClassTally['held'],
  threshold: number,
): ClassWrong | null {
  const pixels = { own: total(own), others: total(others) };
  if (pixels.own === 0) return null;
  return {
    pixels,
    own: 1 - reaching(own, threshold) / pixels.own,
    others: reaching(others, threshold) / Math.max(1, pixels.others),
  };
}
