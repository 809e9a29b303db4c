/**
 * Warping a second time, word by word: simple points by counting the pieces of
 * every 3 × 3 neighbourhood, the whole list sorted and walked again and again.
 * Shares nothing with model/metrics.
 */
export interface LiteralWarping {
  /** Rows of true = interior. */
  readonly truth: readonly (readonly boolean[])[];
  readonly prediction: readonly (readonly boolean[])[];
  readonly confidence: readonly (readonly number[])[];
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const ring: readonly Place[] = [-1, 0, 1]
  .flatMap((y) => [-1, 0, 1].map((x) => ({ x, y })))
  .filter(({ x, y }) => x !== 0 || y !== 0);

/** Pieces of the places, which touch by a side only or by a corner as well. */
function pieces(places: readonly Place[], corners: boolean): Place[][] {
  const left = [...places];
  const found: Place[][] = [];
  for (let start = left.pop(); start; start = left.pop()) {
    const piece = [start];
    for (const p of piece) {
      for (const q of [...left]) {
        const [dx, dy] = [Math.abs(p.x - q.x), Math.abs(p.y - q.y)];
        if (corners ? Math.max(dx, dy) !== 1 : dx + dy !== 1) continue;
        left.splice(left.indexOf(q), 1);
        piece.push(q);
      }
    }
    found.push(piece);
  }
  return found;
}

export function isSimple(isInterior: (offset: Place) => boolean): boolean {
  const interior = pieces(ring.filter(isInterior), false).filter((piece) =>
    piece.some(({ x, y }) => x === 0 || y === 0),
  );
  const membrane = pieces(
    ring.filter((offset) => !isInterior(offset)),
    true,
  );
  return interior.length === 1 && membrane.length === 1;
}

/** Pixels that still differ when nothing changes any more. */
export function literalWarping({ truth, prediction, confidence }: LiteralWarping): number {
  const warped = truth.map((row) => [...row]);
  const differs = ({ x, y }: Place): boolean => warped[y]?.[x] !== prediction[y]?.[x];
  const list = truth
    .flatMap((row, y) => row.map((_, x) => ({ x, y, sure: confidence[y]?.[x] ?? 0 })))
    .sort((a, b) => b.sure - a.sure || a.x - b.x || a.y - b.y)
    .filter(differs);
  for (let changed = true; changed;) {
    changed = false;
    for (const { x, y } of list) {
      const row = warped[y];
      if (!row || !differs({ x, y })) continue;
      if (!isSimple((offset) => warped[y + offset.y]?.[x + offset.x] === true)) continue;
      row[x] = row[x] !== true;
      changed = true;
    }
  }
  return list.filter(differs).length;
}
