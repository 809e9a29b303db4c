import { join, resolve } from 'node:path';
import { openStack } from '#main/stacks/open-stack';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { readLabelSlice } from '../slices/label-slices';
import { readGreySlice } from '../slices/slice-pixels';

/** Binomial blur, the row 1 4 6 4 1 each way, `passes` times: σ = √passes pixels. Edges repeat. */
function blurred(
  values: Float32Array,
  width: number,
  height: number,
  passes: number,
): Float64Array {
  let map = Float64Array.from(values);
  const along = (step: number, length: number, position: (i: number) => number): void => {
    map = map.map((_, i) => {
      const at = position(i);
      const near = (offset: number): number =>
        map[i + (Math.min(length - 1, Math.max(0, at + offset)) - at) * step] ?? 0;
      return (near(-2) + 4 * near(-1) + 6 * near(0) + 4 * near(1) + near(2)) / 16;
    });
  };
  for (let pass = 0; pass < passes; pass++) {
    along(1, width, (i) => i % width);
    along(width, height, (i) => Math.floor(i / width));
  }
  return map;
}

/** Dark is membrane: a fixed logistic of the blurred grey value, as bytes of 255 like the app's own maps. */
function darknessMap(values: Float32Array, width: number, height: number): Float32Array {
  const grey = blurred(values, width, height, 4);
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const spread = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
  return Float32Array.from(grey, (value) => {
    const probability = 1 / (1 + Math.exp((2 * (value - mean)) / spread + 1.5));
    return Math.round(255 * probability) / 255;
  });
}

/** A page of the bundled crops, 512², with a probability map made from its image: no network, but a real map with real ties. */
export async function realSlice(
  page: number,
  resources = resolve('resources'),
): Promise<ScoredSlice> {
  return darknessSlice(
    { path: join(resources, 'replay', 'vnc-crops.tif'), page },
    { path: join(resources, 'replay', 'vnc-membranes.tif'), page, membrane: 255 },
  );
}

/** A slice of any stack with expert labels, scored as `darknessMap` predicts it. */
export async function darknessSlice(
  image: { readonly path: string; readonly page: number },
  labels: { readonly path: string; readonly page: number; readonly membrane: number },
): Promise<ScoredSlice> {
  const { signal } = new AbortController();
  const images = await openStack(image.path, { signal });
  const truths = await openStack(labels.path, { signal });
  try {
    const { values, width, height } = await readGreySlice(images, image.page, signal);
    const meaning = { membrane: labels.membrane, void: null };
    const { target } = await readLabelSlice(truths, labels.page, meaning, signal);
    return { probability: darknessMap(values, width, height), truth: target, width, height };
  } finally {
    await images.close();
    await truths.close();
  }
}

/** The upper left corner of a slice. */
export function cornerOf(slice: ScoredSlice, side: number): ScoredSlice {
  const cut = (values: ArrayLike<number>): number[] =>
    Array.from(
      { length: side * side },
      (_, i) => values[Math.floor(i / side) * slice.width + (i % side)] ?? 0,
    );
  return {
    probability: Float32Array.from(cut(slice.probability)),
    truth: Uint8Array.from(cut(slice.truth)),
    width: side,
    height: side,
  };
}
