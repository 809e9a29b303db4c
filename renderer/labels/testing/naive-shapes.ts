import type { Rect } from '#contract/tiles';
import type { ByteField } from '../byte-field';
import type { PixelArea } from '../pixel-area';

/**
 * Shapes by plain loops over all pixels, as slow as they are easy to believe:
 * what the fast operations are held against. Masks are a byte a pixel of the
 * field, 1 = in.
 */

/** The pixels of an area in `rect`, and proof that it is what an area has to be. */
export function maskOf(area: PixelArea, rect: Rect): Uint8Array {
  const mask = new Uint8Array(rect.width * rect.height);
  const { bounds, spans } = area;
  let before = { y: -Infinity, end: -Infinity };
  const seen = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let i = 0; i < spans.length; i += 3) {
    const [y, start, end] = [spans[i] ?? NaN, spans[i + 1] ?? NaN, spans[i + 2] ?? NaN];
    const inOrder = y > before.y || (y === before.y && start >= before.end);
    if (!inOrder || !(start < end)) throw new Error('spans must be in order, disjoint, not empty');
    before = { y, end };
    seen.left = Math.min(seen.left, start);
    seen.right = Math.max(seen.right, end);
    seen.top = Math.min(seen.top, y);
    seen.bottom = Math.max(seen.bottom, y + 1);
    for (let x = start; x < end; x += 1) {
      const [column, row] = [x - rect.x, y - rect.y];
      if (column < 0 || row < 0 || column >= rect.width || row >= rect.height)
        throw new Error('the area leaves the field');
      mask[row * rect.width + column] = 1;
    }
  }
  const width = spans.length === 0 ? 0 : seen.right - seen.left;
  const height = spans.length === 0 ? 0 : seen.bottom - seen.top;
  const least =
    bounds.width === width &&
    bounds.height === height &&
    (width === 0 || (bounds.x === seen.left && bounds.y === seen.top));
  if (!least) throw new Error('the bounds must be the least rectangle');
  return mask;
}

/** The pixels from which `at` can be reached over pixels that are let in. */
export function reachable(
  field: ByteField,
  at: number,
  letsIn: (byte: number) => boolean,
  connectivity: 4 | 8,
): Set<number> {
  const { width, height } = field.rect;
  const reached = new Set<number>();
  if (!letsIn(field.data[at] ?? 0)) return reached;
  reached.add(at);
  for (const i of reached)
    for (const dy of [-1, 0, 1])
      for (const dx of [-1, 0, 1]) {
        if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
        const x = (i % width) + dx;
        const y = Math.floor(i / width) + dy;
        const next = y * width + x;
        const inside = x >= 0 && y >= 0 && x < width && y < height;
        if (inside && letsIn(field.data[next] ?? 0)) reached.add(next);
      }
  return reached;
}

/** The connected pieces of the pixels that are let in. */
export function pieces(
  field: ByteField,
  letsIn: (byte: number) => boolean,
  connectivity: 4 | 8,
): Set<number>[] {
  const all: Set<number>[] = [];
  field.data.forEach((byte, i) => {
    if (letsIn(byte) && !all.some((piece) => piece.has(i)))
      all.push(reachable(field, i, letsIn, connectivity));
  });
  return all;
}

export function touchesEdge(piece: ReadonlySet<number>, { width, height }: Rect): boolean {
  return [...piece].some((i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
}

export function maskOfPixels(pixels: Iterable<number>, { width, height }: Rect): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const i of pixels) mask[i] = 1;
  return mask;
}

/** Calls `each` with every pixel of the field and its byte. */
function forEachPixel(
  { rect, data }: ByteField,
  each: (x: number, y: number, byte: number) => void,
): void {
  for (let y = 0; y < rect.height; y += 1)
    for (let x = 0; x < rect.width; x += 1) each(x, y, data[y * rect.width + x] ?? 0);
}

/** 1 where a pixel that counts lies within `radius`. */
export function near(
  field: ByteField,
  radius: number,
  counts: (byte: number) => boolean,
): Uint8Array {
  const mask = new Uint8Array(field.data.length);
  forEachPixel(field, (x, y) => {
    forEachPixel(field, (otherX, otherY, byte) => {
      if (counts(byte) && (x - otherX) ** 2 + (y - otherY) ** 2 <= radius ** 2)
        mask[y * field.rect.width + x] = 1;
    });
  });
  return mask;
}

/** What most of the disc around a pixel is, as far as it lies in the field; its own where neither is. */
export function majority(field: ByteField, radius: number): Uint8Array {
  const mask = new Uint8Array(field.data.length);
  forEachPixel(field, (x, y, own) => {
    let balance = 0;
    forEachPixel(field, (otherX, otherY, byte) => {
      if ((x - otherX) ** 2 + (y - otherY) ** 2 <= radius ** 2) balance += byte === 0 ? -1 : 1;
    });
    mask[y * field.rect.width + x] = balance > 0 || (balance === 0 && own !== 0) ? 1 : 0;
  });
  return mask;
}

/** Distance to the nearest pixel of the other kind, negative inside; width + height where there is none. */
export function signedDistances(field: ByteField): number[] {
  const distances: number[] = [];
  const { width, height } = field.rect;
  forEachPixel(field, (x, y, own) => {
    let nearest = width + height;
    forEachPixel(field, (otherX, otherY, byte) => {
      if ((byte === 0) !== (own === 0))
        nearest = Math.min(nearest, Math.hypot(x - otherX, y - otherY));
    });
    distances.push(own === 0 ? nearest : -nearest);
  });
  return distances;
}
