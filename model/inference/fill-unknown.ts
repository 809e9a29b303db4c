/** Mirrored texture reaches this far from the nearest known pixel, then turns back: about the width of a cell's wall and its surround. */
const FOLD = 24;

/**
 * A copy in which pixels that are not `known` (1) hold what a mirror at the
 * nearest known pixel shows, so that a network meets neither an edge nor a
 * flat area beside tissue. The picture as it is where all are known; unchanged
 * where none is.
 */
export function fillUnknown(
  values: Float32Array<ArrayBuffer>,
  known: Uint8Array | null,
  width: number,
  height: number,
): Float32Array<ArrayBuffer> {
  if (known === null) return values;
  const nearest = nearestKnown(known, width, height);
  const filled = values.slice();
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (known[at] === 1) continue;
      const source = nearest[at] ?? -1;
      if (source >= 0) filled[at] = values[mirror(known, width, height, x, y, source)] ?? 0;
    }
  }
  return filled;
}

/** The known pixel that the mirror shows at (x, y); the nearest one itself where the mirrored place is unknown too. */
function mirror(
  known: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  nearest: number,
): number {
  const nearX = nearest % width;
  const nearY = (nearest - nearX) / width;
  const distance = Math.hypot(nearX - x, nearY - y);
  const turn = distance % (2 * FOLD);
  const depth = turn > FOLD ? 2 * FOLD - turn : turn;
  const toX = Math.round(nearX + ((nearX - x) * depth) / distance);
  const toY = Math.round(nearY + ((nearY - y) * depth) / distance);
  if (toX < 0 || toY < 0 || toX >= width || toY >= height) return nearest;
  const place = toY * width + toX;
  return known[place] === 1 ? place : nearest;
}

/**
 * Place of the known pixel nearest to each, −1 where there is none: two sweeps
 * that hand places on to their eight neighbours (Danielsson's 8SED, exact but
 * for rare fractions of a pixel).
 */
function nearestKnown(known: Uint8Array, width: number, height: number): Int32Array {
  const nearest = Int32Array.from(known, (one, at) => (one === 1 ? at : -1));
  const better = (at: number, x: number, y: number, from: number): void => {
    const candidate = nearest[from] ?? -1;
    if (candidate < 0) return;
    const own = nearest[at] ?? -1;
    const square = (place: number): number => {
      const px = place % width;
      return (px - x) ** 2 + ((place - px) / width - y) ** 2;
    };
    if (own < 0 || square(candidate) < square(own)) nearest[at] = candidate;
  };
  const sweep = (y: number, step: -1 | 1): void => {
    const before = y - step;
    const across = before >= 0 && before < height;
    const row = y * width;
    const visit = (x: number, side: -1 | 1): void => {
      const at = row + x;
      if (known[at] === 1) return;
      if (across)
        for (let dx = -1; dx <= 1; dx++)
          if (x + dx >= 0 && x + dx < width) better(at, x, y, before * width + x + dx);
      if (x - side >= 0 && x - side < width) better(at, x, y, at - side);
    };
    for (let x = 0; x < width; x++) visit(x, 1);
    for (let x = width - 1; x >= 0; x--) visit(x, -1);
  };
  for (let y = 0; y < height; y++) sweep(y, 1);
  for (let y = height - 1; y >= 0; y--) sweep(y, -1);
  return nearest;
}
