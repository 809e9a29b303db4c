import { resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { noConditioning } from '#contract/entities';
import { sourceReference } from '#main/stacks/open-stack';
import type { PredictParams } from '../requests';
import { calibrationIndices } from './slices/calibration-slices';
import { predict } from './predict';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 240_000 });

const resources = resolve(import.meta.dirname, '..', '..', '..', 'resources');
const params: PredictParams = {
  stack: await sourceReference(resolve(resources, 'sample', 'vnc-sample.tif')),
  z: 1,
  model: resolve(resources, 'models', 'isbi-base8'),
  tta: false,
  pixelSize: null,
  conditioning: noConditioning,
  output: 'float32',
  choice: { engine: 'onnx', device: 'cpu', threads: 2 },
};

async function probability(changed: Partial<PredictParams>): Promise<Float32Array> {
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const result = await predict({ ...params, ...changed }, context);
  if (!(result.probability instanceof Float32Array)) throw new Error('floats were asked for');
  return result.probability;
}

it('predicts fast what it predicts in float, and the same whichever slice came first', async () => {
  const exact = await probability({});
  const fast = await probability({ fast: true });
  const apart = exact.map((value, i) => Math.abs(value - (fast[i] ?? Number.NaN)));
  const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  // Measured on VNC 12–15: mean 0.003, at a cost of 0.0003 V_Info.
  expect(mean).toBeLessThan(0.006);
  expect(mean).toBeGreaterThan(1e-4);
  const flipped = (threshold: number): number =>
    exact.reduce(
      (sum, value, i) => sum + (value >= threshold === (fast[i] ?? 0) >= threshold ? 0 : 1),
      0,
    ) / exact.length;
  expect(flipped(0.5)).toBeLessThan(0.01);
  expect(await probability({})).toEqual(exact);
  await probability({ fast: true, z: 0 });
  expect(await probability({ fast: true })).toEqual(fast);
});

it('refuses to be fast where the engine is not, and says what to do', async () => {
  // Software Vulkan or none: either way there is no 8-bit inference on a graphics card.
  const choice = { ...params.choice, device: 'gpu' } as const;
  await expect(probability({ fast: true, choice })).rejects.toMatchObject({
    code: 'engine.unavailable',
    hint: expect.stringContaining('CPU') as unknown,
  });
});

it('is calibrated on slices all over a stack', () => {
  expect(calibrationIndices(1)).toEqual([0]);
  expect(calibrationIndices(2)).toEqual([0, 1]);
  expect(calibrationIndices(3)).toEqual([0, 1, 2]);
  expect(calibrationIndices(30)).toEqual([0, 15, 29]);
});
