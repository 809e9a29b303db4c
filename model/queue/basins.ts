/** Pixels from which on a part of a slice counts as a cell of its own. */
export const CELL = 150;

/**
 * Bytes below this are flat ground: a network's zero is noise of a step or two.
 * Of 464 merges in four mildly degraded slices 301 lie on a crest above 3, 229 on
 * one above 8.
 */
export const GROUND = 3;

export interface Basins {
  /** A basin for each pixel, row by row, from 0. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** Pixels of each basin. */
  readonly sizes: readonly number[];
}

/** Pixels in rising order of their values, row by row among equals; those of value v from starts[v] on. */
function byValue(
  values: Int16Array,
  width: number,
  height: number,
): { readonly order: Int32Array; readonly starts: Int32Array } {
  const stride = width + 2;
  const starts = new Int32Array(257);
  for (const value of values) if (value < 256) starts[value + 1] = (starts[value + 1] ?? 0) + 1;
  for (let v = 0; v < 256; v++) starts[v + 1] = (starts[v + 1] ?? 0) + (starts[v] ?? 0);
  const next = starts.slice();
  const order = new Int32Array(width * height);
  for (let y = 1; y <= height; y++)
    for (let p = y * stride + 1; p <= y * stride + width; p++) {
      const value = values[p] ?? 0;
      const at = next[value] ?? 0;
      order[at] = p;
      next[value] = at + 1;
    }
  return { order, starts };
}

/** The map in a frame of 256, one pixel wide, that spares the tests at the borders. */
function framed(probability: Uint8Array, width: number, height: number): Int16Array {
  const values = new Int16Array((width + 2) * (height + 2)).fill(256);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      values[(y + 1) * (width + 2) + x + 1] = Math.max(GROUND, probability[y * width + x] ?? 0);
  return values;
}

/**
 * What a map would part into cells if its threshold could be low here and high
 * there: flooding of the map by immersion, level by level (Vincent & Soille
 * 1991; 4-connected, no line kept between basins). Basins that meet at a level
 * stay two where both have `least` pixels below it, and are one otherwise.
 *
 * @param probability one byte a pixel, row by row, 255 = certainly membrane
 */
export function basinsOf(
  probability: Uint8Array,
  width: number,
  height: number,
  least = CELL,
): Basins {
  const stride = width + 2;
  const values = framed(probability, width, height);
  const { order, starts } = byValue(values, width, height);
  const labels = new Int32Array(values.length);
  const queue = new Int32Array(width * height);
  const sides = [-1, 1, -stride, stride];
  // Basins from 1 while they grow; a label of 0 = not flooded yet.
  const parent: number[] = [0];
  const sizes: number[] = [0];
  const rootOf = (label: number): number => {
    let root = label;
    for (let up = parent[root] ?? 0; up !== root; up = parent[root] ?? 0) {
      parent[root] = parent[up] ?? 0;
      root = parent[root] ?? 0;
    }
    return root;
  };
  /** Floods what is of this value and can be walked to from the queue. */
  const spread = (filled: number, value: number): void => {
    let tail = filled;
    for (let head = 0; head < tail; head++) {
      const p = queue[head] ?? 0;
      const label = labels[p] ?? 0;
      for (const side of sides) {
        if (values[p + side] !== value || labels[p + side] !== 0) continue;
        labels[p + side] = label;
        queue[tail++] = p + side;
      }
    }
  };
  for (let value = GROUND; value < 256; value++) {
    const from = starts[value] ?? 0;
    const to = starts[value + 1] ?? 0;
    let filled = 0;
    // On the ground nothing is lower, and pieces of it that touch are one.
    const raised = value > GROUND;
    for (let i = raised ? from : to; i < to; i++) {
      const p = order[i] ?? 0;
      for (const side of sides) {
        // Only from what is lower: all of a shore starts at once.
        if ((values[p + side] ?? 256) >= value) continue;
        labels[p] = labels[p + side] ?? 0;
        queue[filled++] = p;
        break;
      }
    }
    spread(filled, value);
    for (let i = from; i < to; i++) {
      const p = order[i] ?? 0;
      if (labels[p] !== 0) continue;
      labels[p] = parent.length;
      parent.push(parent.length);
      sizes.push(0);
      queue[0] = p;
      spread(1, value);
    }
    const absorbed: number[] = [];
    for (let i = raised ? from : to; i < to; i++) {
      const p = order[i] ?? 0;
      const own = labels[p] ?? 0;
      for (const side of sides) {
        const other = labels[p + side] ?? 0;
        if (other === 0 || other === own) continue;
        const [one, two] = [rootOf(own), rootOf(other)];
        if (one === two) continue;
        const [small, large] = (sizes[one] ?? 0) < (sizes[two] ?? 0) ? [one, two] : [two, one];
        if ((sizes[small] ?? 0) >= least) continue;
        parent[small] = large;
        absorbed.push(small);
      }
    }
    // Sizes are those below the level until all of its meetings are over.
    for (const small of absorbed) {
      const root = rootOf(small);
      sizes[root] = (sizes[root] ?? 0) + (sizes[small] ?? 0);
      sizes[small] = 0;
    }
    for (let i = from; i < to; i++) {
      const root = rootOf(labels[order[i] ?? 0] ?? 0);
      sizes[root] = (sizes[root] ?? 0) + 1;
    }
  }
  return unframed(labels, parent.length, rootOf, width, height);
}

/** Basins from 0 in the order in which rows meet them; `count` labels there are. */
function unframed(
  labels: Int32Array,
  count: number,
  rootOf: (label: number) => number,
  width: number,
  height: number,
): Basins {
  // By label and by root; −1 = not met yet.
  const numbers = new Int32Array(count).fill(-1);
  const sizes: number[] = [];
  const rows = new Int32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const label = labels[(y + 1) * (width + 2) + x + 1] ?? 0;
      let number = numbers[label] ?? -1;
      if (number < 0) {
        const root = rootOf(label);
        number = numbers[root] ?? -1;
        if (number < 0) {
          number = sizes.length;
          sizes.push(0);
          numbers[root] = number;
        }
        numbers[label] = number;
      }
      rows[y * width + x] = number;
      sizes[number] = (sizes[number] ?? 0) + 1;
    }
  return { labels: rows, sizes };
}
