import { DIAGONAL, STRAIGHT } from './ridge-path';

/** Not reached. */
export const FAR = 0x7fffffff;

/** What happens at a pixel whose cheapest way is known: the search goes on from it, past it, or is over. */
export type Settled = 'go on' | 'end here' | 'stop';

export interface SpreadGround {
  /** Pixels from a row to the next. */
  readonly stride: number;
  /** What a straight step onto a pixel costs, per STRAIGHT; 0 = nobody goes there, as onto a rim of one pixel around. */
  readonly costs: Uint8Array;
}

export interface Spread {
  /** What the cheapest way to a pixel costs, in STRAIGHT and DIAGONAL steps times `costs`; FAR = none was found. */
  readonly distances: Int32Array;
  /** The pixel before, on that way; −1 at a source. */
  readonly from: Int32Array;
}

/**
 * The cheapest ways over the eight neighbours from some pixels to all others,
 * in the order of their cost: Dijkstra's search in whole numbers with buckets
 * (Dial, 1969). `settled` hears of each pixel once and may end the search.
 */
export function spread(
  { stride, costs }: SpreadGround,
  sources: readonly number[],
  settled: (pixel: number, distance: number) => Settled,
): Spread {
  const distances = new Int32Array(costs.length).fill(FAR);
  const from = new Int32Array(costs.length).fill(-1);
  const offsets = [-1, 1, -stride, stride, -stride - 1, 1 - stride, stride - 1, stride + 1];
  const most = costs.reduce((most, cost) => (cost > most ? cost : most), 1);
  const buckets = Array.from({ length: DIAGONAL * most + 1 }, (): number[] => []);
  for (const source of sources) {
    distances[source] = 0;
    buckets[0]?.push(source);
  }
  let waiting = sources.length;
  for (let distance = 0; waiting > 0; distance += 1) {
    const bucket = buckets[distance % buckets.length] ?? [];
    for (let at = bucket.pop(); at !== undefined; at = bucket.pop()) {
      waiting -= 1;
      // A cheaper way was found after this entry was made.
      if (distances[at] !== distance) continue;
      const next = settled(at, distance);
      if (next === 'stop') return { distances, from };
      if (next === 'end here') continue;
      for (let step = 0; step < 8; step += 1) {
        const to = at + (offsets[step] ?? 0);
        const cost = costs[to] ?? 0;
        if (cost === 0) continue;
        const there = distance + cost * (step < 4 ? STRAIGHT : DIAGONAL);
        if (there >= (distances[to] ?? 0)) continue;
        distances[to] = there;
        from[to] = at;
        buckets[there % buckets.length]?.push(to);
        waiting += 1;
      }
    }
  }
  return { distances, from };
}
