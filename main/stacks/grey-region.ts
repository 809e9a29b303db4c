import type { Rect } from '#contract/tiles';
import { newPixels, type PixelArray } from './pixel-array';
import type { Region, StackSource } from './stack-source';

/** ITU-R BT.601 luma; equal channels (grey images saved as RGB) keep their value. */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * One value a pixel: the value itself, the luma of three or four samples (RGB,
 * RGBA), else the first sample.
 */
export function greyRegion(region: Region): Region {
  const { samples, data, type, width, height, bad } = region;
  if (samples === 1) return region;
  const grey = newPixels(type, width * height);
  const asColour = samples === 3 || samples === 4;
  if (asColour) blend(data, samples, grey);
  else for (let at = 0; at < grey.length; at += 1) copyOne(data, at * samples, grey, at);
  return { type, width, height, samples: 1, data: grey, bad };
}

function copyOne(from: PixelArray, source: number, to: PixelArray, at: number): void {
  const value = from[source];
  if (value !== undefined) Reflect.set(to, at, value);
}

function blend(from: PixelArray, samples: number, to: PixelArray): void {
  const float = to instanceof Float32Array || to instanceof Float64Array;
  for (let at = 0; at < to.length; at += 1) {
    const first = at * samples;
    const [red, green, blue] = LUMA;
    const value =
      red * Number(from[first] ?? 0) +
      green * Number(from[first + 1] ?? 0) +
      blue * Number(from[first + 2] ?? 0);
    if (to instanceof BigUint64Array || to instanceof BigInt64Array)
      to[at] = BigInt(Math.round(value));
    else to[at] = float ? value : Math.round(value);
  }
}

/** Reads a rectangle as one value a pixel; see `StackSource.readRegion` for ranges and errors. */
export async function readGrey(
  source: StackSource,
  z: number,
  rect: Rect,
  level: number,
  signal: AbortSignal,
): Promise<Region> {
  return greyRegion(await source.readRegion(z, rect, level, signal));
}
