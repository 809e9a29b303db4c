/** Regions of a mask: 0 = none, else 1 … count. */
export interface Regions {
  readonly of: Int32Array<ArrayBuffer>;
  /** Pixels of each region, at its number. */
  readonly sizes: readonly number[];
}

export interface Grid {
  readonly width: number;
  readonly height: number;
}

/** Calls back with the neighbours of a pixel by its four sides, or by its corners as well. */
export function around(
  at: number,
  { width, height }: Grid,
  corners: boolean,
  visit: (other: number) => void,
): void {
  const x = at % width;
  const y = (at - x) / width;
  for (let dy = -1; dy <= 1; dy += 1) {
    for (let dx = -1; dx <= 1; dx += 1) {
      if ((dx === 0 && dy === 0) || (!corners && dx !== 0 && dy !== 0)) continue;
      const [u, v] = [x + dx, y + dy];
      if (u >= 0 && v >= 0 && u < width && v < height) visit(v * width + u);
    }
  }
}

/** Connected pixels of which `inside` is 1: by their sides, or by their corners as well. */
export function regionsOf(inside: ArrayLike<number>, grid: Grid, corners = false): Regions {
  const of = new Int32Array(grid.width * grid.height);
  const sizes = [0];
  const queue = new Int32Array(of.length);
  for (let start = 0; start < of.length; start += 1) {
    if (inside[start] !== 1 || of[start] !== 0) continue;
    const region = sizes.length;
    of[start] = region;
    queue[0] = start;
    let filled = 1;
    for (let read = 0; read < filled; read += 1) {
      around(queue[read] ?? 0, grid, corners, (other) => {
        if (inside[other] !== 1 || of[other] !== 0) return;
        of[other] = region;
        queue[filled] = other;
        filled += 1;
      });
    }
    sizes.push(filled);
  }
  return { of, sizes };
}

/** Regions grown over everything else at an even pace: each pixel belongs to the nearest. */
export function grown({ of }: Regions, grid: Grid): Int32Array<ArrayBuffer> {
  const all = of.slice();
  const queue = new Int32Array(all.length);
  let filled = 0;
  all.forEach((region, at) => {
    if (region === 0) return;
    queue[filled] = at;
    filled += 1;
  });
  for (let read = 0; read < filled; read += 1) {
    const at = queue[read] ?? 0;
    around(at, grid, false, (other) => {
      if (all[other] !== 0) return;
      all[other] = all[at] ?? 0;
      queue[filled] = other;
      filled += 1;
    });
  }
  return all;
}

/** The region of `other` that covers most of each region of `first`, at its number; 0 = none does. */
export function mainOf(first: Regions, other: Regions): Int32Array<ArrayBuffer> {
  const counts = new Map<number, number>();
  const span = other.sizes.length;
  first.of.forEach((region, at) => {
    const there = other.of[at] ?? 0;
    if (region === 0 || there === 0) return;
    const key = region * span + there;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const main = new Int32Array(first.sizes.length);
  const most = new Int32Array(first.sizes.length);
  for (const [key, count] of counts) {
    const region = Math.floor(key / span);
    if (count <= (most[region] ?? 0)) continue;
    most[region] = count;
    main[region] = key % span;
  }
  return main;
}
