import { offsetsAround } from './clusters';
import type { FramedMask } from './components';
import { simplePoints } from './simple-points';

/** What is left of the differences when a picture has been warped towards another one. */
export interface Warped {
  /** The source with its simple differences gone: every region is still there, parted as before. */
  readonly mask: FramedMask;
  /** Places in the frame that still differ, in no order to rely on. */
  readonly left: Int32Array;
}

/**
 * Warps `source` towards `target` without a change of topology (Jain et al.
 * 2010): goes through the pixels that differ, the most confident first and ties
 * column by column, flips those that are simple, and starts again until a whole pass
 * changes nothing. What is outside counts as membrane.
 *
 * `confidence` has the places of the masks, in [0, 1].
 */
export function warp(source: FramedMask, target: FramedMask, confidence: Float32Array): Warped {
  const inside = source.inside.slice();
  const places = byConfidence(source, target, confidence);
  const around = offsetsAround(source.height + 2);
  // What could not be flipped can't be until something beside it is.
  const stuck = new Uint8Array(inside.length);
  let remaining = places.length;
  for (let before = remaining + 1; remaining < before;) {
    before = remaining;
    remaining = 0;
    for (let i = 0; i < before; i++) {
      const p = places[i] ?? 0;
      if (stuck[p] === 0 && simplePoints[neighbourhood(inside, p, around)] === 1) {
        inside[p] = target.inside[p] ?? 0;
        for (const offset of around) stuck[p + offset] = 0;
      } else {
        stuck[p] = 1;
        places[remaining++] = p;
      }
    }
  }
  return { mask: { ...source, inside }, left: places.slice(0, remaining) };
}

/** The index into `simplePoints`; places follow columns, so the ring is a mirror image, which makes no difference. */
function neighbourhood(inside: Uint8Array, p: number, around: Int32Array): number {
  let bits = 0;
  for (let k = 0; k < 8; k++) bits |= (inside[p + (around[k] ?? 0)] ?? 0) << k;
  return bits;
}

const digit = 15;
const digits = 2 ** digit;
/** Bits of the float 1: those of floats in [0, 1] order as the floats do, in two digits. */
const one = 0x3f800000;

/** Places where the masks differ, sorted by falling confidence, ties column by column. */
function byConfidence(
  source: FramedMask,
  target: FramedMask,
  confidence: Float32Array,
): Int32Array {
  const bits = new Int32Array(confidence.buffer, confidence.byteOffset, confidence.length);
  const differing = new Int32Array(bits.length);
  let count = 0;
  for (let p = 0; p < bits.length; p++)
    if (source.inside[p] !== target.inside[p]) differing[count++] = p;
  const byLowDigit = sortedByDigit(differing.subarray(0, count), bits, 0);
  return sortedByDigit(byLowDigit, bits, digit);
}

/** One pass of a radix sort, which keeps the order of equals. */
function sortedByDigit(places: Int32Array, bits: Int32Array, shift: number): Int32Array {
  const starts = new Int32Array(digits + 1);
  const slotOf = (p: number): number =>
    (Math.max(0, one - (bits[p] ?? 0)) >>> shift) & (digits - 1);
  for (const p of places) {
    const next = slotOf(p) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let slot = 1; slot <= digits; slot++)
    starts[slot] = (starts[slot] ?? 0) + (starts[slot - 1] ?? 0);
  const sorted = new Int32Array(places.length);
  for (const p of places) {
    const slot = slotOf(p);
    const at = starts[slot] ?? 0;
    sorted[at] = p;
    starts[slot] = at + 1;
  }
  return sorted;
}
