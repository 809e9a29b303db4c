import type { SampleMeaning } from '#contract/entities';
import type { Rect } from '#contract/tiles';
import { newPixels, type PixelArray } from '#volume/pixel-array';
import { rangeOf } from './sample-range';
import type { Region, StackSource } from './stack-source';

/** ITU-R BT.601 luma; equal channels (grey images saved as RGB) keep their value. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** One value a pixel. `opaque` is 0 where the file's alpha says that nothing is shown; null where all is. */
export interface GreyRegion extends Region {
  readonly samples: 1;
  readonly opaque: Uint8Array<ArrayBuffer> | null;
}

/**
 * The one way to grey, for the view, the statistics, the network and the
 * labels alike: the value itself, the luma of a colour (rounded where the type
 * is an integer), or the chosen channel. Samples that were multiplied by their
 * alpha are divided by it again.
 */
export function greyRegion(region: Region, meaning: SampleMeaning): GreyRegion {
  const { samples, data, type, width, height, bad } = region;
  const whole = { type, width, height, samples: 1, bad } as const;
  if (samples === 1) return { ...whole, data, opaque: null };
  const grey = newPixels(type, width * height);
  if (meaning.kind === 'colour') luma(data, samples, grey);
  else pick(data, samples, meaning.kind === 'channels' ? meaning.channel : 0, grey);
  const { alpha } = meaning;
  if (alpha === null) return { ...whole, data: grey, opaque: null };
  const opacity = newPixels(type, width * height);
  pick(data, samples, alpha.sample, opacity);
  if (alpha.premultiplied) divide(grey, opacity, rangeOf(type).most);
  return { ...whole, data: grey, opaque: seen(opacity) };
}

function pick(from: PixelArray, samples: number, sample: number, to: PixelArray): void {
  if (from instanceof BigUint64Array || from instanceof BigInt64Array) {
    if (to instanceof BigUint64Array || to instanceof BigInt64Array)
      for (let at = 0; at < to.length; at += 1) to[at] = from[at * samples + sample] ?? 0n;
    return;
  }
  for (let at = 0; at < to.length; at += 1) to[at] = from[at * samples + sample] ?? 0;
}

function luma(from: PixelArray, samples: number, to: PixelArray): void {
  const float = to instanceof Float32Array || to instanceof Float64Array;
  const [redShare, greenShare, blueShare] = LUMA;
  for (let at = 0; at < to.length; at += 1) {
    const first = at * samples;
    const red = Number(from[first] ?? 0);
    const green = Number(from[first + 1] ?? 0);
    const blue = Number(from[first + 2] ?? 0);
    const same = red === green && green === blue;
    const value = same ? red : redShare * red + greenShare * green + blueShare * blue;
    put(to, at, float ? value : Math.round(value));
  }
}

/** The value before it was multiplied by its alpha; where alpha is 0 nothing can be known. */
function divide(grey: PixelArray, opacity: PixelArray, most: number): void {
  const float = grey instanceof Float32Array || grey instanceof Float64Array;
  for (let at = 0; at < grey.length; at += 1) {
    const alpha = Number(opacity[at] ?? 0);
    if (alpha <= 0 || alpha >= most) continue;
    const value = (Number(grey[at] ?? 0) * most) / alpha;
    put(grey, at, float ? value : Math.min(most, Math.round(value)));
  }
}

function put(to: PixelArray, at: number, value: number): void {
  if (to instanceof BigUint64Array || to instanceof BigInt64Array) to[at] = BigInt(value);
  else to[at] = value;
}

function seen(opacity: PixelArray): Uint8Array<ArrayBuffer> | null {
  const opaque = new Uint8Array(opacity.length);
  let all = true;
  for (let at = 0; at < opaque.length; at += 1) {
    if (Number(opacity[at] ?? 0) > 0) opaque[at] = 1;
    else all = false;
  }
  return all ? null : opaque;
}

/** Reads a rectangle as one value a pixel; see `StackSource.readRegion` for ranges and errors. */
export async function readGrey(
  source: StackSource,
  z: number,
  rect: Rect,
  level: number,
  signal: AbortSignal,
): Promise<GreyRegion> {
  return greyRegion(await source.readRegion(z, rect, level, signal), source.info.meaning);
}
