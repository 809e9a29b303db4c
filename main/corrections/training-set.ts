import { classOf, isConfirmed, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';

/**
 * Together the pixels that nobody painted count this many times as much as the
 * strokes. Half of it, with replay as light as confirmed pixels, won nearly
 * as much and drew more and thicker membrane (hard look, first round: V_Info
 * 0.946 instead of 0.949, lines of 8.0 instead of 7.6 pixels, true ones 7.0). At a fixed quarter of a stroke's weight they outweighed them a
 * hundred times, and a confirmed slice is still full of the model's own
 * mistakes: the old merges were frozen (docs/decisions/0012-corrections.md).
 */
const UNPAINTED_TO_PAINTED = 16;
/** A pixel that nobody painted counts at least and at most this much of a stroke's. */
const LIGHTEST = 0.005;
const HEAVIEST = 0.25;

/**
 * Replay is labelled by experts, every pixel of it: it keeps probabilities what
 * they mean while strokes of mostly one class pull at them. At the weight of
 * confirmed pixels the best threshold on replay wandered from 0.30 to 0.75 in one round.
 */
const REPLAY_TO_CONFIRMED = 4;

/** How much a pixel counts by where its label comes from; a painted one counts 1. */
export interface RoundWeights {
  /** The user looked and confirmed the mask. */
  readonly confirmed: number;
  /** The starting model's own label where nobody looked. */
  readonly pseudo: number;
  /** A labelled pixel of another stack. */
  readonly replay: number;
}

/** The user painted it with a class. */
export function isPainted(label: number): boolean {
  const value = classOf(label);
  return value !== UNTOUCHED && value !== VOID && !isConfirmed(label);
}

/** A label that teaches: painted or confirmed, and not void. */
export function isReviewed(label: number): boolean {
  const value = classOf(label);
  return value !== UNTOUCHED && value !== VOID;
}

/**
 * Weights by the share of painted pixels in the slices that train: about 1/30
 * at the 0.2 % that fifteen long strokes are of a slice of 1024², 1/100 where
 * they are short, a quarter from 1.5 % on. Without a stroke there is nothing to outweigh.
 */
export function roundWeights(slices: readonly Uint8Array[]): RoundWeights {
  let painted = 0;
  let others = 0;
  for (const labels of slices) {
    for (const label of labels) {
      if (isPainted(label)) painted += 1;
      else others += 1;
    }
  }
  const even = painted === 0 ? HEAVIEST : (UNPAINTED_TO_PAINTED * painted) / Math.max(1, others);
  const confirmed = Math.min(HEAVIEST, Math.max(LIGHTEST, even));
  return { confirmed, pseudo: confirmed / 2, replay: REPLAY_TO_CONFIRMED * confirmed };
}

export interface LearnableSlice {
  /** 1 = membrane. */
  readonly target: Uint8Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
  /** 1 where the user painted and training may look. */
  readonly focus: Uint8Array<ArrayBuffer>;
}

/** A pseudo-label that says nothing: the starting model is not sure itself. */
export const UNSURE = 2;

/** Both thresholds of a model: between them lies what is membrane to one of them only. */
export interface Band {
  readonly topology: number;
  readonly pixel: number;
}

/**
 * The starting model's own labels: membrane from the higher of its two
 * thresholds, interior below the lower. In between lie thin and faint membranes
 * that one counts and the other does not: either label would teach the new
 * model to be surer there than anyone is.
 */
export function pseudoLabels(
  probability: Float32Array,
  { topology, pixel }: Band,
): Uint8Array<ArrayBuffer> {
  const low = Math.min(topology, pixel);
  const high = Math.max(topology, pixel);
  return Uint8Array.from(probability, (p) => (p >= high ? 1 : p < low ? 0 : UNSURE));
}

/**
 * Labels to learn from: painted ones as they are; confirmed ones at a low
 * weight, and not at all where the starting model is unsure (`own`, see
 * `pseudoLabels`), because confirming says that the separation is right and not
 * that each pixel is; its own labels where nobody looked. Void and held-back
 * places count for nothing.
 */
export function learnable(
  labels: Uint8Array,
  own: Uint8Array,
  held: Uint8Array | undefined,
  weights: RoundWeights,
): LearnableSlice {
  const target = new Uint8Array(labels.length);
  const weight = new Float32Array(labels.length);
  const focus = new Uint8Array(labels.length);
  labels.forEach((label, i) => {
    if (classOf(label) === VOID || (held?.[i] ?? 0) !== 0) return;
    if (isPainted(label)) {
      target[i] = classOf(label) === MEMBRANE ? 1 : 0;
      weight[i] = 1;
      focus[i] = 1;
      return;
    }
    if (own[i] === UNSURE) return;
    const looked = classOf(label) !== UNTOUCHED;
    target[i] = looked ? (classOf(label) === MEMBRANE ? 1 : 0) : (own[i] ?? 0);
    weight[i] = looked ? weights.confirmed : weights.pseudo;
  });
  return { target, weight, focus };
}

export interface CheckableSlice {
  readonly target: Uint8Array;
  /** 1 where the user painted and the pixel is to be checked. */
  readonly checked: Uint8Array;
}

/** Strokes to check against: the held-back ones, those that trained, all or none of them. */
export function checkable(
  labels: Uint8Array,
  held: Uint8Array | undefined,
  which: 'held' | 'trained' | 'all' | 'none',
): CheckableSlice {
  const target = new Uint8Array(labels.length);
  const checked = new Uint8Array(labels.length);
  labels.forEach((label, i) => {
    if (!isPainted(label)) return;
    const state = held?.[i] ?? 0;
    if (which === 'none' || (which !== 'all' && state !== (which === 'held' ? 1 : 0))) return;
    target[i] = classOf(label) === MEMBRANE ? 1 : 0;
    checked[i] = 1;
  });
  return { target, checked };
}

/** Checked pixels by what the user painted, and how many of them a map gets wrong, the half right ones at a half. */
export interface StrokeErrors {
  readonly membrane: { readonly pixels: number; readonly wrong: number };
  readonly interior: { readonly pixels: number; readonly wrong: number };
}

export const noStrokeErrors: StrokeErrors = {
  membrane: { pixels: 0, wrong: 0 },
  interior: { pixels: 0, wrong: 0 },
};

/**
 * Adds the strokes of a slice (`sure`: `pseudoLabels` of the version). What lies
 * between its thresholds is a line in the mask: where the user painted cell that
 * is a wall as before; where they painted membrane the cells are parted, but the
 * membrane has no width yet, which is half of it. To ask for all of it refused
 * rounds on ISBI at six electrons a pixel that lift V_Info from 0.64 to 0.84:
 * walls that were next to nothing reach the one threshold, not the other.
 */
export function addStrokeErrors(
  sum: StrokeErrors,
  sure: Uint8Array,
  { target, checked }: CheckableSlice,
): StrokeErrors {
  const membrane = { ...sum.membrane };
  const interior = { ...sum.interior };
  checked.forEach((value, i) => {
    if (value === 0) return;
    const own = target[i] === 1 ? membrane : interior;
    own.pixels += 1;
    if (sure[i] === UNSURE && target[i] === 1) own.wrong += 0.5;
    else if (sure[i] !== target[i]) own.wrong += 1;
  });
  return { membrane, interior };
}
