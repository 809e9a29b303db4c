import type { BytePicture } from './exported-mask';

/** Cells of a mask, told from one another by watershed lines: 0 = dam. */
export interface Cells {
  readonly of: Int32Array;
  readonly count: number;
}

const [MEMBRANE, WAITING, DAM] = [-1, -2, 0];

/** Left, up, right, down: the order counts where two cells meet. */
export function neighbours(at: number, { width, height }: BytePicture): number[] {
  const x = at % width;
  const found: number[] = [];
  if (x > 0) found.push(at - 1);
  if (at >= width) found.push(at - width);
  if (x + 1 < width) found.push(at + 1);
  if (at + width < width * height) found.push(at + width);
  return found;
}

/** Pixels column by column, as the flooding visits them. */
function* columns({ width, height }: BytePicture): Generator<number> {
  for (let x = 0; x < width; x += 1) for (let y = 0; y < height; y += 1) yield y * width + x;
}

/** 4-connected regions of what is no membrane; membranes stay marked. */
function interiors(picture: BytePicture, isMembrane: (value: number) => boolean): Cells {
  const of = Int32Array.from(picture.bytes, (value) => (isMembrane(value) ? MEMBRANE : WAITING));
  let count = 0;
  for (const start of columns(picture)) {
    if (of[start] !== WAITING) continue;
    count += 1;
    of[start] = count;
    const queue = [start];
    for (const at of queue)
      for (const other of neighbours(at, picture))
        if (of[other] === WAITING) {
          of[other] = count;
          queue.push(other);
        }
  }
  return { of, count };
}

/** Cells grown into the membranes until only dams are left (Soille and Vincent, docs/metrics.md). */
export function flooded(picture: BytePicture, isMembrane: (value: number) => boolean): Cells {
  const { of, count } = interiors(picture, isMembrane);
  const queue: number[] = [];
  for (const at of columns(picture))
    if (of[at] === MEMBRANE && neighbours(at, picture).some((other) => (of[other] ?? 0) > 0)) {
      of[at] = WAITING;
      queue.push(at);
    }
  let mayLeaveDam = false;
  for (const at of queue)
    for (const other of neighbours(at, picture)) {
      const there = of[other] ?? 0;
      const here = of[at] ?? 0;
      if (there > 0) {
        if (here === WAITING || (here === DAM && mayLeaveDam)) of[at] = there;
        else if (here > 0 && here !== there) {
          of[at] = DAM;
          mayLeaveDam = false;
        }
      } else if (there === DAM && here === WAITING) {
        of[at] = DAM;
        mayLeaveDam = true;
      } else if (there === MEMBRANE) {
        of[other] = WAITING;
        queue.push(other);
      }
    }
  // A slice that is all membrane is one region.
  return count === 0 ? { of: of.fill(1), count: 1 } : { of, count };
}

const entropy = (shares: Iterable<number>): number => {
  let sum = 0;
  for (const share of shares) if (share > 0) sum -= share * Math.log(share);
  return sum;
};

/**
 * V_Info of a mask (255 = membrane) against a truth (0 = membrane), after
 * thinning, 0 … 1: how much the cells of the one tell about those of the
 * other. Written apart from the app, from docs/metrics.md.
 */
export function cellScore(mask: BytePicture, truth: BytePicture): number {
  const right = interiors(truth, (value) => value === 0);
  const found = flooded(mask, (value) => value === 255);
  const pixels = right.of.reduce((sum, cell) => sum + (cell > 0 ? 1 : 0), 0);
  const share = 1 / pixels;
  const a = new Map<number, number>();
  const b = new Map<number, number>();
  const both = new Map<number, number>();
  const add = (to: Map<number, number>, key: number): void => {
    to.set(key, (to.get(key) ?? 0) + share);
  };
  right.of.forEach((cell, at) => {
    if (cell <= 0) return;
    const other = found.of[at] ?? 0;
    add(a, cell);
    // Every pixel of a dam is a region of its own.
    const region = other > 0 ? other : -1 - at;
    add(b, region);
    add(both, other > 0 ? cell * (found.count + 1) + other : -1 - at);
  });
  const [ofTruth, ofMask] = [entropy(a.values()), entropy(b.values())];
  const shared = ofTruth + ofMask - entropy(both.values());
  return ofTruth === 0 || ofMask === 0 ? 0 : (2 * shared) / (ofTruth + ofMask);
}
