import { classOf, MEMBRANE } from '#contract/label-byte';
import { isPainted } from './training-set';

/** This share of the painted slices, or of the painted pixels, is kept from training. */
const HELD_SHARE = 0.25;
/** With at least this many slices that hold new strokes whole slices are held back. */
const FEWEST_SLICES = 3;
const BLOCK = 64;
/**
 * Labels this close to a held-back block don't train. Much less than what the
 * network sees (92 px at four levels): a whole halo around each block would
 * leave a user with a dozen strokes nothing to train on.
 */
const MARGIN = 16;
/** With fewer blocks of mended pixels than this nothing is held back, and the gate has nothing to ask. */
const FEWEST_BLOCKS = 4;

export interface PaintedSlice {
  readonly z: number;
  /** Label bytes, row-major. */
  readonly labels: Uint8Array;
  /** The version in use has not learnt from these labels. */
  readonly recent: boolean;
  /** Its strokes judged an earlier version: they show that one's mistakes, not those of the model in use. */
  readonly heldBefore: boolean;
  /** The start's own labels: 1 membrane, 0 not, 2 unsure (`pseudoLabels`). */
  readonly own: Uint8Array;
}

/** What is kept from training. */
export interface HeldBack {
  /** Slices whose strokes judge, as a whole. */
  readonly slices: ReadonlySet<number>;
  /** Of the others: 1 = its strokes judge, 2 = neither judges nor trains, 0 = trains. */
  readonly masks: ReadonlyMap<number, Uint8Array>;
}

/** Spreads places evenly but in no visible order, the same whenever it is asked. */
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
  /** Painted pixels that the start has wrong. */
  readonly mended: number;
}

function mendedBlocks({ z, labels, own }: PaintedSlice, width: number): Block[] {
  const height = labels.length / width;
  const across = Math.ceil(width / BLOCK);
  const counts = new Uint32Array(across * Math.ceil(height / BLOCK));
  labels.forEach((label, i) => {
    if (!isPainted(label) || own[i] === (classOf(label) === MEMBRANE ? 1 : 0)) return;
    const at = Math.floor(i / width / BLOCK) * across + Math.floor((i % width) / BLOCK);
    counts[at] = (counts[at] ?? 0) + 1;
  });
  return [...counts].flatMap((mended, i) =>
    mended > 0 ? [{ z, bx: i % across, by: Math.floor(i / across), mended }] : [],
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
 * Chooses the strokes that judge and never train: of a quarter of the slices
 * with new strokes, at least one, where there are three or more, else a quarter
 * of the newly mended pixels as whole blocks. (A broad brush paints over what is
 * right as well: such blocks would judge nothing.) Only strokes that neither version
 * has learnt from can tell them apart, so none is taken of slices that were
 * learnt; what is held back in one round trains in the next, when newer strokes
 * judge. Measured why: strokes that judged a second time, all of them gaps of the
 * first model, let a round pass that drew too much (V_Info 0.946 → 0.933).
 */
export function holdBack(slices: readonly PaintedSlice[], width: number): HeldBack {
  const recent = slices.filter((slice) => slice.recent && slice.labels.some(isPainted));
  const newest = recent.filter(({ heldBefore }) => !heldBefore);
  const fresh = newest.length > 0 ? newest : recent;
  if (fresh.length >= FEWEST_SLICES) {
    const chosen = [...fresh]
      .sort((a, b) => scatter(a.z, fresh.length, 0) - scatter(b.z, fresh.length, 0))
      .slice(0, Math.max(1, Math.round(HELD_SHARE * fresh.length)));
    return { slices: new Set(chosen.map(({ z }) => z)), masks: new Map() };
  }
  const blocks = fresh
    .flatMap((slice) => mendedBlocks(slice, width))
    .sort((a, b) => scatter(a.z, a.bx, a.by) - scatter(b.z, b.bx, b.by));
  const masks = new Map<number, Uint8Array>();
  if (blocks.length < FEWEST_BLOCKS) return { slices: new Set(), masks };
  const wanted = HELD_SHARE * blocks.reduce((sum, { mended }) => sum + mended, 0);
  const chosen: Block[] = [];
  let held = 0;
  for (const block of blocks) {
    if (held >= wanted || chosen.length >= blocks.length / 2) break;
    chosen.push(block);
    held += block.mended;
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
