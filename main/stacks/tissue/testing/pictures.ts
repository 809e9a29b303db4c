import { resolve } from 'node:path';
import { DecodePool } from '../../decode-pool';
import { readGrey, type GreyRegion } from '../../grey-region';
import { openStack } from '../../open-stack';
import { newPixels } from '#volume/pixel-array';
import type { ElementType } from '#contract/entities';

const pool = new DecodePool({ worker: null });

/** A real picture of 8 bits to build cases from. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array<ArrayBuffer>;
}

/** Side of the crop, in pixels. */
const SIDE = 256;

/** A crop of fly neural tissue from the bundled replay data. */
export async function realTissue(z = 0): Promise<Picture> {
  const signal = new AbortController().signal;
  const path = resolve(import.meta.dirname, '../../../../resources/replay/vnc-crops.tif');
  const source = await openStack(path, { signal, pool });
  try {
    const rect = { x: 128, y: 128, width: SIDE, height: SIDE };
    const { data } = await readGrey(source, z, rect, 0, signal);
    return { width: SIDE, height: SIDE, values: Float64Array.from(data, Number) };
  } finally {
    await source.close();
  }
}

/** The same picture with every value changed. */
export function mapped(
  { values, ...size }: Picture,
  change: (value: number, x: number, y: number) => number,
): Picture {
  return {
    ...size,
    values: values.map((value, at) => change(value, at % size.width, Math.floor(at / size.width))),
  };
}

export interface Margins {
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** The picture on a larger canvas, whose own pixels `around` gives. */
export function padded(
  { width, height, values }: Picture,
  { left = 0, right = 0, top = 0, bottom = 0 }: Margins,
  around: (x: number, y: number) => number,
): Picture {
  const wide = left + width + right;
  const high = top + height + bottom;
  const all = new Float64Array(wide * high);
  for (let y = 0; y < high; y += 1)
    for (let x = 0; x < wide; x += 1) {
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      all[y * wide + x] = inside ? (values[(y - top) * width + x - left] ?? 0) : around(x, y);
    }
  return { width: wide, height: high, values: all };
}

/** The picture as the reader would hand it over. */
export function region(
  { width, height, values }: Picture,
  type: ElementType = 'uint8',
  opaque: Uint8Array<ArrayBuffer> | null = null,
): GreyRegion {
  const data = newPixels(type, values.length);
  values.forEach((value, at) => {
    if (data instanceof BigUint64Array || data instanceof BigInt64Array) data[at] = BigInt(value);
    else data[at] = value;
  });
  return { type, width, height, samples: 1, data, bad: [], opaque };
}

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
