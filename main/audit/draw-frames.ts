/** Edge of a frame in pixels: a wall or two, and seen as a whole at a glance. */
const EDGE = 64;

export interface Frame {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DrawnFrames {
  readonly frames: readonly Frame[];
  /** Frames that there were to draw from. */
  readonly all: number;
}

/**
 * Frames drawn without replacement from slices that are cut into frames of
 * about 64 × 64 pixels without a gap or an overlap. Every pixel lies in one
 * frame and every frame has the same chance, so each µm of membrane and each
 * µm² of cell has it too, and errors over length of what was looked at is an
 * estimate without a bias of what the slices hold. The same seed draws the
 * same frames.
 */
export function drawFrames(
  size: { readonly width: number; readonly height: number },
  slices: readonly number[],
  places: number,
  seed: number,
): DrawnFrames {
  const columns = Math.max(1, Math.round(size.width / EDGE));
  const rows = Math.max(1, Math.round(size.height / EDGE));
  const all = columns * rows * slices.length;
  const random = randomNumbers(seed);
  const drawn = new Set<number>();
  const wanted = Math.min(places, all);
  // Floyd's way: each set of `wanted` numbers is as likely as any other.
  for (let most = all - wanted; most < all; most += 1) {
    const one = Math.floor(random() * (most + 1));
    drawn.add(drawn.has(one) ? most : one);
  }
  const frames = [...drawn].map((index) => {
    const z = slices[Math.floor(index / (columns * rows))] ?? 0;
    const row = Math.floor(index / columns) % rows;
    const column = index % columns;
    const [x, y] = [cut(column, columns, size.width), cut(row, rows, size.height)];
    return {
      ...{ z, x, y },
      width: cut(column + 1, columns, size.width) - x,
      height: cut(row + 1, rows, size.height) - y,
    };
  });
  return { frames: shuffled(frames, random), all };
}

const cut = (index: number, parts: number, length: number): number =>
  Math.floor((index * length) / parts);

/** In any order, so that an audit that is left half done is a fair one too. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** Numbers in [0, 1) from a 32-bit seed (a Weyl sequence through the finaliser of MurmurHash3). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
