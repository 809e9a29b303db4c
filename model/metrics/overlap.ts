import type { Regions } from './components';

/** How the regions of one picture lie on those of another. */
export interface Overlap {
  /** Pixels in common. */
  pixels(first: number, second: number): number;
  /** The region of the second picture that a region of the first covers most of; undefined where it covers none. */
  mostOf(first: number): number | undefined;
}

export function overlapOf(first: Regions, second: Regions): Overlap {
  const rows = Array.from({ length: first.count + 1 }, () => new Map<number, number>());
  for (let p = 0; p < first.labels.length; p++) {
    const a = first.labels[p] ?? 0;
    const b = second.labels[p] ?? 0;
    const row = a > 0 && b > 0 ? rows[a] : undefined;
    row?.set(b, (row.get(b) ?? 0) + 1);
  }
  return {
    pixels: (a, b) => rows[a]?.get(b) ?? 0,
    mostOf(a) {
      let most: number | undefined;
      let pixels = 0;
      for (const [b, count] of rows[a] ?? []) {
        if (count <= pixels) continue;
        most = b;
        pixels = count;
      }
      return most;
    },
  };
}
