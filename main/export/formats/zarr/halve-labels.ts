import type { ImageSlice } from '../image-writer';

/**
 * Labels at half the size, rounded up: of the four pixels under each the value
 * that most of them have, of several the largest, so that thin lines last.
 */
export function halveLabels<Slice extends ImageSlice>(
  from: Slice,
  width: number,
  height: number,
): Slice;
export function halveLabels(from: ImageSlice, width: number, height: number): ImageSlice {
  const across = Math.ceil(width / 2);
  const down = Math.ceil(height / 2);
  const to = from.slice(0, across * down);
  let at = 0;
  for (let y = 0; y < height; y += 2) {
    const upper = y * width;
    const lower = y + 1 < height ? upper + width : upper;
    for (let x = 0; x < width; x += 2) {
      const right = x + 1 < width ? x + 1 : x;
      to[at] = commonest(
        from[upper + x] ?? 0,
        from[upper + right] ?? 0,
        from[lower + x] ?? 0,
        from[lower + right] ?? 0,
      );
      at += 1;
    }
  }
  return to;
}

function commonest(a: number, b: number, c: number, d: number): number {
  if (a === b && c === d) return Math.max(a, c);
  if (a === b || a === c || a === d) return b === c || b === d || c === d ? pair(a, b, c, d) : a;
  if (b === c || b === d) return b;
  return c === d ? c : Math.max(a, b, c, d);
}

/** `a` is one of a pair at least; another pair of a larger value wins over it. */
function pair(a: number, b: number, c: number, d: number): number {
  const others = [b, c, d].filter((value) => value !== a);
  return others.length === 2 && others[0] === others[1] ? Math.max(a, others[0] ?? a) : a;
}
