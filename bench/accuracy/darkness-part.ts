import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { normaliseSlice } from '#model/inference/normalise';
import { chooseThresholds } from '#model/metrics/choose-thresholds';
import type { Fold } from './folds';
import type { LabelledStack } from './labelled-stack';
import type { Part } from './part';
import { besideTruth, writeMapsTiff, type Maps } from './probability-maps';

const sigma = 2;
const radius = 4 * sigma;
/** Spreads the grey values over (0, 1), so that thresholds in steps of 0.05 are steps of about 0.1 deviations. */
const steepness = 2;

/** Gaussian of σ 2 pixels with clamped borders. */
function blurred(image: Float32Array, width: number, height: number): Float32Array<ArrayBuffer> {
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const norm = kernel.reduce((sum, value) => sum + value, 0);
  const pass = (source: Float32Array, along: 'x' | 'y'): Float32Array<ArrayBuffer> =>
    Float32Array.from(source, (_, at) => {
      const x = at % width;
      const y = (at - x) / width;
      let sum = 0;
      kernel.forEach((weight, k) => {
        const column = along === 'x' ? Math.min(width - 1, Math.max(0, x + k - radius)) : x;
        const row = along === 'y' ? Math.min(height - 1, Math.max(0, y + k - radius)) : y;
        sum += weight * (source[row * width + column] ?? 0);
      });
      return sum / norm;
    });
  return pass(pass(image, 'x'), 'y');
}

/** Control without learning: the blurred slice, inverted; both thresholds chosen as ours are. */
export async function darknessPart(
  folder: string,
  fold: Fold,
  stack: LabelledStack,
): Promise<Part> {
  const { width, height } = stack;
  const mapsOf = (slices: readonly number[]): Maps =>
    slices.map((z) =>
      normaliseSlice(blurred(Float32Array.from(stack.grey[z] ?? []), width, height)).map(
        (value) => 1 / (1 + Math.exp(steepness * value)),
      ),
    );
  const chosen = chooseThresholds(besideTruth(mapsOf(fold.choose), fold.choose, stack));
  await mkdir(folder, { recursive: true });
  const maps = join(folder, 'darkness.tif');
  await writeMapsTiff(maps, mapsOf(fold.score), stack);
  return {
    name: 'blurred darkness',
    maps,
    thresholds: { topology: chosen.threshold, pixel: chosen.pixelThreshold },
    ...{ steps: null, seconds: null, curve: [], notes: '' },
  };
}
