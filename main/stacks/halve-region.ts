import type { BadBlock } from '#contract/entities';
import { newPixels, type PixelArray } from '#volume/pixel-array';
import type { Region } from './stack-source';

/**
 * Half the size, rounded up: each pixel is the mean of the up to four pixels under
 * it that could be read and are finite; integers are rounded. A pixel none of
 * which could be read is 0 and stays in `bad`; a float pixel without any finite
 * value is NaN. Bad blocks grow to whole pixels of the new size.
 */
export function halveRegion(region: Region): Region {
  const width = Math.ceil(region.width / 2);
  const height = Math.ceil(region.height / 2);
  const { samples, type } = region;
  const data = newPixels(type, width * height * samples);
  const simple = region.bad.length === 0 && samples === 1;
  if (simple && region.data instanceof Uint8Array && data instanceof Uint8Array)
    halveBytes(region.data, region.width, region.height, data);
  else if (simple && isShort(region.data) && isShort(data))
    halveShorts(region.data, region.width, region.height, data);
  else halveAny(region, data, width, height);
  return { type, samples, width, height, data, bad: region.bad.map(halveBlock) };
}

/** The common case: 8-bit pixels, all of them good. */
function halveBytes(from: Uint8Array, width: number, height: number, to: Uint8Array): void {
  const wide = width % 4 === 0 && from.byteOffset % 4 === 0 && to.byteOffset % 2 === 0;
  if (wide) {
    halveWords(from, width, height, to);
    return;
  }
  const outWidth = Math.ceil(width / 2);
  let at = 0;
  for (let y = 0; y < height; y += 2) {
    const upper = y * width;
    const lower = y + 1 < height ? upper + width : upper;
    for (let column = 0; column < outWidth; column += 1) {
      const left = column * 2;
      // Repeating the last row or column gives the mean of what is there.
      const right = left + 1 < width ? left + 1 : left;
      const sum =
        (from[upper + left] ?? 0) +
        (from[upper + right] ?? 0) +
        (from[lower + left] ?? 0) +
        (from[lower + right] ?? 0);
      to[at] = (sum + 2) >> 2;
      at += 1;
    }
  }
}

/** Every other byte of a word, with room above each for sums. */
const LANES = 0x00ff00ff;
/** A half in each lane, to round. */
const HALVES = 0x00020002;

/** Four bytes of a row at a time; `width` is a multiple of 4. Bytes of a word are in little-endian order, as everywhere here. */
function halveWords(from: Uint8Array, width: number, height: number, to: Uint8Array): void {
  const words = new Uint32Array(from.buffer, from.byteOffset, from.length / 4);
  const pairs = new Uint16Array(to.buffer, to.byteOffset, to.length / 2);
  const across = width / 4;
  let at = 0;
  for (let y = 0; y < height; y += 2) {
    const upper = y * across;
    const down = y + 1 < height ? across : 0;
    for (let i = upper; i < upper + across; i += 1) {
      const a = words[i] ?? 0;
      const b = words[i + down] ?? 0;
      const sums = (a & LANES) + ((a >>> 8) & LANES) + (b & LANES) + ((b >>> 8) & LANES) + HALVES;
      const means = (sums >>> 2) & LANES;
      pairs[at] = means | (means >>> 8);
      at += 1;
    }
  }
}

function isShort(data: PixelArray): data is Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer> {
  return data instanceof Uint16Array || data instanceof Int16Array;
}

/** 16-bit pixels, all of them good; repeating the last row or column gives the mean of what is there. */
function halveShorts(
  from: Uint16Array | Int16Array,
  width: number,
  height: number,
  to: Uint16Array | Int16Array,
): void {
  const across = Math.ceil(width / 2);
  let at = 0;
  for (let y = 0; y < height; y += 2) {
    const upper = y * width;
    const lower = y + 1 < height ? upper + width : upper;
    for (let column = 0; column < across; column += 1) {
      const left = column * 2;
      const right = left + 1 < width ? left + 1 : left;
      const sum =
        (from[upper + left] ?? 0) +
        (from[upper + right] ?? 0) +
        (from[lower + left] ?? 0) +
        (from[lower + right] ?? 0);
      // Halves go up, of negative values too: as Math.round does elsewhere here.
      to[at] = (sum + 2) >> 2;
      at += 1;
    }
  }
}

function halveAny(region: Region, to: PixelArray, width: number, height: number): void {
  const { samples } = region;
  const usable = usablePixels(region);
  const float = to instanceof Float32Array || to instanceof Float64Array;
  const big = to instanceof BigUint64Array || to instanceof BigInt64Array;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let sample = 0; sample < samples; sample += 1) {
        let sum = 0;
        let count = 0;
        let seen = 0;
        for (let corner = 0; corner < 4; corner += 1) {
          const px = x * 2 + (corner & 1);
          const py = y * 2 + (corner >> 1);
          if (px >= region.width || py >= region.height) continue;
          const pixel = py * region.width + px;
          if (usable !== null && usable[pixel] === 0) continue;
          seen += 1;
          const value = Number(region.data[pixel * samples + sample] ?? 0);
          if (!Number.isFinite(value)) continue;
          sum += value;
          count += 1;
        }
        const at = (y * width + x) * samples + sample;
        const mean = count > 0 ? sum / count : seen > 0 && float ? NaN : 0;
        if (big) to[at] = BigInt(Math.round(mean));
        else to[at] = float ? mean : Math.round(mean);
      }
    }
  }
}

/** 1 where a pixel could be read; null where all could. */
export function usablePixels(region: Region): Uint8Array<ArrayBuffer> | null {
  if (region.bad.length === 0) return null;
  const usable = new Uint8Array(region.width * region.height).fill(1);
  for (const { x, y, width, height } of region.bad)
    for (let row = y; row < y + height; row += 1)
      usable.fill(0, row * region.width + x, row * region.width + x + width);
  return usable;
}

function halveBlock(block: BadBlock): BadBlock {
  const x = Math.floor(block.x / 2);
  const y = Math.floor(block.y / 2);
  const width = Math.ceil((block.x + block.width) / 2) - x;
  const height = Math.ceil((block.y + block.height) / 2) - y;
  return { ...block, x, y, width, height };
}
