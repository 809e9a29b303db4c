export interface ImagePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Paints a stroke the slow way: a pixel is painted where its centre lies within
 * `radius` of a segment of the path. `pixels` is size², one byte each.
 */
export function paintNaively(
  pixels: Uint8Array,
  size: number,
  path: readonly ImagePoint[],
  radius: number,
  label: number,
): void {
  let from = path[0];
  for (const to of path) {
    if (!from) return;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const squared = dx * dx + dy * dy;
    const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius));
    const right = Math.min(size - 1, Math.ceil(Math.max(from.x, to.x) + radius));
    const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
    const bottom = Math.min(size - 1, Math.ceil(Math.max(from.y, to.y) + radius));
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const px = x + 0.5 - from.x;
        const py = y + 0.5 - from.y;
        const along = squared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
        if (Math.hypot(px - along * dx, py - along * dy) <= radius) pixels[y * size + x] = label;
      }
    }
    from = to;
  }
}

export interface Difference {
  readonly painted: number;
  /** Painted by the path alone, and found alone. */
  readonly missing: number;
  readonly extra: number;
  /** Found with another label. */
  readonly other: number;
}

export function difference(found: Uint8Array, expected: Uint8Array): Difference {
  let [painted, missing, extra, other] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i += 1) {
    if (expected[i] !== 0) painted += 1;
    if (found[i] === expected[i]) continue;
    if (found[i] === 0) missing += 1;
    else if (expected[i] === 0) extra += 1;
    else other += 1;
  }
  return { painted, missing, extra, other };
}
