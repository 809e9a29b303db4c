/**
 * Pixels of corrected slices that one round takes. Each is read, predicted by
 * the model in use and held in memory at about 16 bytes a pixel (image 4,
 * target 1, weights 4, focus 1, labels twice, strokes to check 4): 64 Mi
 * pixels are 1.1 GB and, at the 2 megapixels a second of the smallest network
 * on two threads, half a minute. 256 slices of 512², 64 of 1024², 4 of 4096².
 */
export const ROUND_PIXELS = 64 * 2 ** 20;

export interface CorrectedSlice {
  readonly z: number;
  /** When its labels last changed: larger is newer. */
  readonly changedAt: number;
  /** The model in use, or one that it comes from, has learnt from these very labels. */
  readonly learnt: boolean;
}

export interface Selection {
  /** Ascending. */
  readonly taken: readonly number[];
  /** What there was no room for, ascending. */
  readonly left: readonly number[];
}

/**
 * The corrections that a round learns from, at most `most` (at least 1) slices.
 * What the model does not know yet comes first, the newest before the older;
 * what is left of the room goes to known slices. Of slices equally new, and of
 * the known ones, those are taken that lie farthest from the ones already
 * taken, so that no part of the stack is forgotten. The order of `slices` does
 * not matter.
 */
export function selectCorrections(slices: readonly CorrectedSlice[], most: number): Selection {
  const room = Math.max(1, Math.floor(most));
  const taken: number[] = [];
  for (const group of byAge(slices)) {
    const free = room - taken.length;
    if (free <= 0) break;
    const zs = group.map(({ z }) => z).sort((a, b) => a - b);
    taken.push(...(zs.length <= free ? zs : spread(zs, free, taken)));
  }
  const chosen = new Set(taken);
  return {
    taken: taken.sort((a, b) => a - b),
    left: slices
      .map(({ z }) => z)
      .filter((z) => !chosen.has(z))
      .sort((a, b) => a - b),
  };
}

/** Groups of equal rank, the first to be taken first: unknown slices by age, then the known ones together. */
function byAge(slices: readonly CorrectedSlice[]): CorrectedSlice[][] {
  const unknown = slices.filter(({ learnt }) => !learnt);
  const ages = [...new Set(unknown.map(({ changedAt }) => changedAt))].sort((a, b) => b - a);
  return [
    ...ages.map((age) => unknown.filter(({ changedAt }) => changedAt === age)),
    slices.filter(({ learnt }) => learnt),
  ];
}

/** `count` of the ascending `from`, each the farthest from all that are there already; of equals the first. */
function spread(from: readonly number[], count: number, there: readonly number[]): number[] {
  const distance = from.map((z) =>
    there.reduce((least, other) => Math.min(least, Math.abs(z - other)), Number.POSITIVE_INFINITY),
  );
  const chosen: number[] = [];
  while (chosen.length < count) {
    let at = 0;
    distance.forEach((value, i) => {
      if (value > (distance[at] ?? 0)) at = i;
    });
    const z = from[at] ?? 0;
    chosen.push(z);
    from.forEach((other, i) => {
      distance[i] = Math.min(distance[i] ?? 0, Math.abs(other - z));
    });
    // Taken: nothing is nearer to it than itself.
    distance[at] = -1;
  }
  return chosen;
}
