import { endianness } from 'node:os';
import { type PixelArray, bytesOf, newPixels, pixelsOn } from '#volume/pixel-array';
import { undoDifferencing, undoFloatRow } from './predictor';
import type { SampleFormat } from '../container/sample-format';

export interface Packing {
  readonly format: SampleFormat;
  readonly bigEndian: boolean;
  readonly predictor: number;
  /** Samples of one row, and how many of them make a pixel. */
  readonly rowLength: number;
  readonly samplesPerPixel: number;
  /** Turn values around (WhiteIsZero). */
  readonly invert: boolean;
}

const hostIsBig = endianness() === 'BE';

/**
 * Decoded bytes as native pixels. `packed` holds whole rows (each begins on a
 * byte) and may be changed or taken over.
 */
export function unpackSamples(packed: Uint8Array<ArrayBuffer>, packing: Packing): PixelArray {
  const { format, rowLength, samplesPerPixel } = packing;
  const { bits } = format;
  if (!(bits === 8 || bits === 16 || bits === 32 || bits === 64))
    return invert(unpackBits(packed, packing), packing);
  const bytes = bits / 8;
  if (packing.predictor === 3) {
    const scratch = new Uint8Array(rowLength * bytes);
    for (let at = 0; at < packed.length; at += scratch.length)
      undoFloatRow(packed.subarray(at, at + scratch.length), bytes, samplesPerPixel, scratch);
  }
  const fileIsBig = packing.predictor === 3 ? false : packing.bigEndian;
  const aligned = packed.byteOffset % 8 === 0 ? packed : packed.slice();
  if (fileIsBig !== hostIsBig) swapBytes(aligned, bytes);
  const integers = format.type === 'float16' ? 'uint16' : format.type;
  const pixels = pixelsOn(integers, aligned.buffer, aligned.byteOffset, aligned.length / bytes);
  if (packing.predictor === 2) undoDifferencing(pixels, rowLength, samplesPerPixel);
  if (format.type === 'float16') return widenHalf(bytesOf(pixels));
  return invert(pixels, packing);
}

/** Turns the byte order of values of 1, 2, 4 or 8 bytes around, in place. */
export function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
}

/** Samples of any width up to 32 bits, most significant bit first. */
function unpackBits(packed: Uint8Array, packing: Packing): PixelArray {
  const { format, rowLength } = packing;
  const { bits, bilevel, type } = format;
  const rowBytes = Math.ceil((rowLength * bits) / 8);
  const rows = Math.floor(packed.length / rowBytes);
  const pixels = newPixels(type, rowLength * rows);
  if (pixels instanceof BigUint64Array || pixels instanceof BigInt64Array) return pixels;
  const range = 2 ** bits;
  const signLimit = type.startsWith('int') ? range / 2 : Infinity;
  const scale = bilevel ? 255 : 1;
  let to = 0;
  for (let row = 0; row < rows; row += 1) {
    let at = row * rowBytes;
    let held = 0;
    let value = 0;
    for (let column = 0; column < rowLength; column += 1) {
      // Arithmetic, not shifts: up to 39 bits are held.
      while (held < bits) {
        value = value * 256 + (packed[at] ?? 0);
        at += 1;
        held += 8;
      }
      held -= bits;
      const below = 2 ** held;
      const sample = Math.floor(value / below);
      value -= sample * below;
      pixels[to] = (sample >= signLimit ? sample - range : sample) * scale;
      to += 1;
    }
  }
  return pixels;
}

function invert(pixels: PixelArray, packing: Packing): PixelArray {
  if (!packing.invert) return pixels;
  const { bits, bilevel } = packing.format;
  if (pixels instanceof BigUint64Array) {
    const top = 2n ** 64n - 1n;
    for (let at = 0; at < pixels.length; at += 1) pixels[at] = top - (pixels[at] ?? 0n);
    return pixels;
  }
  if (pixels instanceof BigInt64Array) return pixels;
  const top = bilevel ? 255 : 2 ** bits - 1;
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = top - (pixels[at] ?? 0);
  return pixels;
}

/** IEEE 754 half to single, bit by bit, so that NaN payloads survive. */
export function widenHalf(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const singles = new Float32Array(halves.length);
  const words = new Uint32Array(singles.buffer);
  for (let at = 0; at < halves.length; at += 1) {
    const half = halves[at] ?? 0;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const mantissa = half & 1023;
    if (exponent === 31) words[at] = sign | 0x7f800000 | (mantissa << 13);
    else if (exponent > 0) words[at] = sign | ((exponent + 112) << 23) | (mantissa << 13);
    else {
      singles[at] = mantissa * 2 ** -24;
      words[at] = (words[at] ?? 0) | sign;
    }
  }
  return singles;
}

/** The exact inverse of `widenHalf` for values that came from it. */
export function narrowToHalf(singles: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(singles.buffer, singles.byteOffset, singles.length);
  const halves = new Uint16Array(singles.length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const sign = (word >>> 16) & 0x8000;
    const exponent = (word >>> 23) & 255;
    const mantissa = (word >>> 13) & 1023;
    if (exponent === 255) halves[at] = sign | 0x7c00 | mantissa;
    else if (exponent > 112) halves[at] = sign | ((exponent - 112) << 10) | mantissa;
    else halves[at] = sign | (Math.abs(singles[at] ?? 0) * 2 ** 24);
  }
  return halves;
}
