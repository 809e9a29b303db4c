import type { MaskThresholds } from '../entities';
import { BitPlane } from './bit-plane';
import { thinning } from './thinning';

/** The lowest probability byte (1…255) that reaches a threshold. 0 is what stands where there is no tissue: never membrane. */
export function firstByte(threshold: number): number {
  return Math.min(255, Math.max(1, Math.ceil(threshold * 255)));
}

/** Probabilities in [0, 1] as bytes, 255 = 1: as predictions are kept, and what masks are made of. */
export function probabilityBytes(probability: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(probability.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Math.round((probability[i] ?? 0) * 255);
  return bytes;
}

/** Whether the mask has a line besides the pixels: the cells threshold lies below that of the pixels. */
export function hasLine({ pixel, cells }: MaskThresholds): boolean {
  return firstByte(cells) < firstByte(pixel);
}

/** The slice as a plane: what is at least `from`. */
function planeOf(probability: Uint8Array, width: number, height: number, from: number): BitPlane {
  const plane = new BitPlane(width, height);
  for (let y = 0; y < height; y += 1) plane.setRow(y, 0, probability, y * width, width, from);
  return plane;
}

/**
 * Makes a plane, in place, the line of what was in it. A slice without a
 * single pixel beside the membrane has no cells, and nothing to part.
 */
export function* lineOf(plane: BitPlane): Generator<void, void> {
  if (plane.isFull()) plane.clear();
  else yield* thinning(plane);
}

/**
 * The one mask of a slice, as it is shown, confirmed, exported and measured:
 * 1 where the probability reaches the pixel threshold, or on the thinned line
 * of what reaches the cells threshold; width × height bytes. The line is
 * that of the whole slice, so a mask can't be made from a part of one.
 */
export function membraneMask(
  probability: Uint8Array,
  width: number,
  height: number,
  thresholds: MaskThresholds,
): Uint8Array<ArrayBuffer> {
  if (!hasLine(thresholds)) return maskOver(probability, thresholds, null);
  const line = planeOf(probability, width, height, firstByte(thresholds.cells));
  const steps = lineOf(line);
  while (steps.next().done !== true);
  return maskOver(probability, thresholds, line);
}

/** `membraneMask` where its line is made already; null = there is none. */
export function maskOver(
  probability: Uint8Array,
  { pixel }: MaskThresholds,
  line: BitPlane | null,
): Uint8Array<ArrayBuffer> {
  const from = firstByte(pixel);
  const mask = new Uint8Array(probability.length);
  for (let i = 0; i < mask.length; i += 1) mask[i] = (probability[i] ?? 0) >= from ? 1 : 0;
  if (line)
    for (let y = 0; y < line.height; y += 1)
      line.markRow(y, 0, mask, y * line.width, line.width, 1);
  return mask;
}
