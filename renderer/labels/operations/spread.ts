import { DIAGONAL, STRAIGHT } from './ridge-path';

/** Not reached. */
export const FAR = 0x7fffffff;

/** What happens at a pixel whose cheapest way is known: the search goes on from it, past it, or is over. */
export type Settled = 'go on' | 'end here' | 'stop';

export interface SpreadGround {
  readonly width: number;
  readonly height: number;
  /** What a straight step onto a pixel costs, per STRAIGHT; 0 = nobody goes there. */
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
  { width, height, costs }: SpreadGround,
  sources: Iterable<number>,
  settled: (pixel: number, distance: number) => Settled = () => 'go on',
): Spread {
  const distances = new Int32Array(width * height).fill(FAR);
  const from = new Int32Array(width * height).fill(-1);
  const done = new Uint8Array(width * height);
  const most = costs.reduce((most, cost) => Math.max(most, cost), 1);
  const buckets = Array.from({ length: DIAGONAL * most + 1 }, (): number[] => []);
  let waiting = 0;
  for (const source of sources) {
    distances[source] = 0;
    buckets[0]?.push(source);
    waiting += 1;
  }
  for (let distance = 0; waiting > 0; distance += 1) {
    const bucket = buckets[distance % buckets.length] ?? [];
    for (let at = bucket.pop(); at !== undefined; at = bucket.pop()) {
      waiting -= 1;
      // A cheaper way was found after this entry was made.
      if (done[at] === 1) continue;
      done[at] = 1;
      const next = settled(at, distance);
      if (next === 'stop') return { distances, from };
      if (next === 'end here') continue;
      const x = at % width;
      for (let dy = -1; dy <= 1; dy += 1)
        for (let dx = -1; dx <= 1; dx += 1) {
          const to = at + dy * width + dx;
          if (to < 0 || to >= costs.length || x + dx < 0 || x + dx >= width) continue;
          const cost = costs[to] ?? 0;
          if (cost === 0 || done[to] === 1) continue;
          const there = distance + cost * (dx === 0 || dy === 0 ? STRAIGHT : DIAGONAL);
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
