import { around, type Grid } from './regions';

/** The pixel farthest from `start` within `places`, and the way there, both ends included. */
function farthest(start: number, places: ReadonlySet<number>, grid: Grid): number[] {
  const before = new Map<number, number>([[start, -1]]);
  const queue = [start];
  for (const at of queue)
    around(at, grid, true, (other) => {
      if (!places.has(other) || before.has(other)) return;
      before.set(other, at);
      queue.push(other);
    });
  const way: number[] = [];
  for (let at = queue.at(-1) ?? start; at >= 0; at = before.get(at) ?? -1) way.push(at);
  return way;
}

/**
 * A way through connected pixels from end to end, cut around its middle to
 * `most` pixels: what a hand draws along a wall or through a blob.
 */
export function pathThrough(places: readonly number[], grid: Grid, most: number): number[] {
  const inside = new Set(places);
  const end = farthest(places[0] ?? 0, inside, grid)[0] ?? 0;
  const way = farthest(end, inside, grid);
  const first = Math.max(0, Math.floor((way.length - most) / 2));
  return way.slice(first, first + most);
}

/** A stroke `radius` pixels to either side of its way: 1 makes it 3 pixels wide. */
export function strokeAlong(
  way: readonly number[],
  { width, height }: Grid,
  radius: number,
): number[] {
  const pixels = new Set<number>();
  for (const at of way) {
    const x = at % width;
    const y = (at - x) / width;
    for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v += 1)
      for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u += 1)
        pixels.add(v * width + u);
  }
  return [...pixels];
}
