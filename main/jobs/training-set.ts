import { classOf, isConfirmed, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';

/**
 * How much a pixel counts by where its label comes from. Painted, confirmed
 * and pseudo are those of the protocol. Replay crops are labelled densely; at
 * a quarter they weigh about as much as a crop with strokes in it.
 */
export const labelWeight = { painted: 1, confirmed: 0.25, pseudo: 0.1, replay: 0.25 } as const;

/** Held back: this share of the reviewed pixels, in whole blocks of this side. */
const HELD_SHARE = 0.25;
const BLOCK = 64;
/**
 * Labels this close to a held-back block don't train. Much less than what the
 * network sees (92 px at four levels): a whole halo around each block would
 * leave a user with a dozen strokes nothing to train on.
 */
const MARGIN = 16;
/** With fewer blocks than this nothing is held back; the gate then looks at all corrections. */
const FEWEST_BLOCKS = 6;
/** Every sixth of at least six fully reviewed slices validates and never trains. */
const SLICES_A_VALIDATION = 6;

export interface ReviewedSlice {
  readonly z: number;
  /** Label bytes, row-major. */
  readonly labels: Uint8Array;
}

/** What is kept from training. `dense` slices are fully reviewed, so V_Info can be taken on them. */
export interface HeldBack {
  /** Slices that validate as a whole. */
  readonly slices: ReadonlySet<number>;
  /** Of the others: 1 = validates, 2 = neither validates nor trains, 0 = trains. */
  readonly masks: ReadonlyMap<number, Uint8Array>;
}

const isReviewed = (label: number): boolean =>
  classOf(label) !== UNTOUCHED && classOf(label) !== VOID;

/** Every pixel is labelled or void. */
export function isFullyReviewed(labels: Uint8Array): boolean {
  return labels.every((label) => classOf(label) !== UNTOUCHED);
}

/** Spreads blocks evenly but in no visible order, the same in every round (a stroke once held back stays so). */
function scatter(z: number, bx: number, by: number): number {
  let h =
    Math.imul(z + 1, 0x9e3779b1) ^ Math.imul(bx + 1, 0x85ebca6b) ^ Math.imul(by + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

interface Block {
  readonly z: number;
  readonly bx: number;
  readonly by: number;
  readonly reviewed: number;
}

function reviewedBlocks({ z, labels }: ReviewedSlice, width: number): Block[] {
  const height = labels.length / width;
  const across = Math.ceil(width / BLOCK);
  const counts = new Uint32Array(across * Math.ceil(height / BLOCK));
  labels.forEach((label, i) => {
    if (!isReviewed(label)) return;
    const at = Math.floor(i / width / BLOCK) * across + Math.floor((i % width) / BLOCK);
    counts[at] = (counts[at] ?? 0) + 1;
  });
  return [...counts].flatMap((reviewed, i) =>
    reviewed > 0 ? [{ z, bx: i % across, by: Math.floor(i / across), reviewed }] : [],
  );
}

function mark(mask: Uint8Array, width: number, block: Block, margin: number, value: 1 | 2): void {
  const height = mask.length / width;
  const top = Math.max(0, block.by * BLOCK - margin);
  const left = Math.max(0, block.bx * BLOCK - margin);
  const right = Math.min(width, (block.bx + 1) * BLOCK + margin);
  for (let y = top; y < Math.min(height, (block.by + 1) * BLOCK + margin); y += 1)
    mask.fill(value, y * width + left, y * width + right);
}

/**
 * Chooses what validates: every sixth of the fully reviewed slices when there
 * are six or more, else a quarter of the reviewed area as whole blocks.
 */
export function holdBack(slices: readonly ReviewedSlice[], width: number): HeldBack {
  const full = slices.filter(({ labels }) => isFullyReviewed(labels)).map(({ z }) => z);
  if (full.length >= SLICES_A_VALIDATION) {
    const chosen = full
      .sort((a, b) => a - b)
      .filter((_, i) => i % SLICES_A_VALIDATION === SLICES_A_VALIDATION - 1);
    return { slices: new Set(chosen), masks: new Map() };
  }
  const blocks = slices
    .flatMap((slice) => reviewedBlocks(slice, width))
    .sort((a, b) => scatter(a.z, a.bx, a.by) - scatter(b.z, b.bx, b.by));
  const masks = new Map<number, Uint8Array>();
  if (blocks.length < FEWEST_BLOCKS) return { slices: new Set(), masks };
  const wanted = HELD_SHARE * blocks.reduce((sum, { reviewed }) => sum + reviewed, 0);
  const chosen: Block[] = [];
  let held = 0;
  for (const block of blocks) {
    if (held >= wanted || chosen.length >= blocks.length / 2) break;
    chosen.push(block);
    held += block.reviewed;
  }
  const pixels = new Map(slices.map(({ z, labels }) => [z, labels.length]));
  for (const margin of [MARGIN, 0]) {
    for (const block of chosen) {
      const mask = masks.get(block.z) ?? new Uint8Array(pixels.get(block.z) ?? 0);
      masks.set(block.z, mask);
      mark(mask, width, block, margin, margin > 0 ? 2 : 1);
    }
  }
  return { slices: new Set(), masks };
}

export interface LearnableSlice {
  /** 1 = membrane. */
  readonly target: Uint8Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
  /** 1 where the user reviewed and training may look. */
  readonly focus: Uint8Array<ArrayBuffer>;
}

/** A pseudo-label that says nothing: the starting model is not sure itself. */
export const UNSURE = 2;

/**
 * The starting model's own labels: membrane where it gives at least one half,
 * interior below the threshold in use. In between lie thin and faint membranes
 * that the threshold counts and one half does not: either label would teach
 * the new model to be surer there than anyone is.
 */
export function pseudoLabels(
  probability: Float32Array,
  threshold: number,
): Uint8Array<ArrayBuffer> {
  const low = Math.min(threshold, 0.5);
  const high = Math.max(threshold, 0.5);
  return Uint8Array.from(probability, (p) => (p >= high ? 1 : p < low ? 0 : UNSURE));
}

/**
 * Labels to learn from: the user's where there are any and they are not held
 * back, else the starting model's own (`pseudo`, see `pseudoLabels`) at a low
 * weight, so that the model stays what it was where nobody objected. Void and
 * unsure pixels and held-back places count for nothing.
 */
export function learnable(
  labels: Uint8Array,
  pseudo: Uint8Array,
  held: Uint8Array | undefined,
): LearnableSlice {
  const target = new Uint8Array(labels.length);
  const weight = new Float32Array(labels.length);
  const focus = new Uint8Array(labels.length);
  labels.forEach((label, i) => {
    if (classOf(label) === VOID || (held?.[i] ?? 0) !== 0) return;
    if (classOf(label) === UNTOUCHED) {
      if (pseudo[i] === UNSURE) return;
      target[i] = pseudo[i] ?? 0;
      weight[i] = labelWeight.pseudo;
      return;
    }
    target[i] = classOf(label) === MEMBRANE ? 1 : 0;
    weight[i] = isConfirmed(label) ? labelWeight.confirmed : labelWeight.painted;
    focus[i] = 1;
  });
  return { target, weight, focus };
}

export interface CheckableSlice {
  readonly target: Uint8Array;
  readonly weight: Float32Array;
}

/** Labels to check against: the held-back ones, or all of them where `held` is `all`. */
export function checkable(labels: Uint8Array, held: Uint8Array | 'all'): CheckableSlice {
  const target = new Uint8Array(labels.length);
  const weight = new Float32Array(labels.length);
  labels.forEach((label, i) => {
    if (!isReviewed(label) || (held !== 'all' && held[i] !== 1)) return;
    target[i] = classOf(label) === MEMBRANE ? 1 : 0;
    weight[i] = isConfirmed(label) ? labelWeight.confirmed : labelWeight.painted;
  });
  return { target, weight };
}

/** Wrong and all pixels, each as much as it counts; membrane where probability ≥ threshold. */
export function weightedErrors(
  probability: Float32Array,
  { target, weight }: CheckableSlice,
  threshold: number,
): { readonly wrong: number; readonly all: number } {
  let wrong = 0;
  let all = 0;
  weight.forEach((value, i) => {
    if (value === 0) return;
    all += value;
    if ((probability[i] ?? 0) >= threshold !== (target[i] === 1)) wrong += value;
  });
  return { wrong, all };
}
