import { resolve } from 'node:path';
import type { z } from 'zod';
import { afterAll, describe, expect, it } from 'vitest';
import { membraneMask } from '#contract/mask/membrane-mask';
import { sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { evaluateStack, sweepStack } from '#model/metrics/evaluate';
import { warpingError, warpSlice } from '#model/metrics/warping';
import { evaluateMaps, type EvaluateParams } from '../../requests';
import { evaluate } from './evaluate';
import { readLabelSlice } from '../slices/label-slices';
import { openStacks, readGreySlice } from '../slices/slice-pixels';

const crops = (name: string): Promise<SourceReference> =>
  sourceReference(resolve('resources', 'replay', name));
/** The raw image as if it were a probability map: bad, and with every kind of error. */
const params = {
  prediction: await crops('vnc-crops.tif'),
  truth: await crops('vnc-membranes.tif'),
  membrane: 255,
  void: null,
  slices: [4, 6],
  threshold: 0.6,
  warping: true,
  errors: 5,
};

interface Step {
  readonly done: number;
  readonly total: number;
}

const ran = async (given: Partial<z.infer<typeof EvaluateParams>>) => {
  const steps: Step[] = [];
  const result = await evaluate(
    { ...params, ...given },
    { signal: new AbortController().signal, progress: (step) => steps.push(step) },
  );
  return { result, steps };
};

afterAll(async () => {
  await Promise.all([
    openStacks.forget(params.prediction.path),
    openStacks.forget(params.truth.path),
  ]);
});

describe('evaluating a stack', () => {
  it('scores the mask of two thresholds where it is asked for', async () => {
    const mask = { pixel: 0.7, cells: 0.5 };
    const { result } = await ran({ slices: [4], warping: false, errors: 0, mask });
    const stack = await openStacks.get(params.prediction, new AbortController().signal);
    const { values, width, height } = await readGreySlice(stack, 4, new AbortController().signal);
    const truth = await openStacks.get(params.truth, new AbortController().signal);
    const kind = { membrane: 255, void: null };
    const { target } = await readLabelSlice(truth, 4, kind, new AbortController().signal);
    const made = membraneMask(Uint8Array.from(values), width, height, mask);
    const slice = { width, height, truth: Uint8Array.from(target) };
    const { vInfo, dice } = evaluateStack(
      [{ ...slice, probability: Float32Array.from(made) }],
      0.5,
    );
    expect(result.masked).toMatchObject({ threshold: 0.7, vInfo: vInfo.score, dice });
    expect(result.masked?.dice).not.toBe(result.atThreshold.dice);
  });

  it('says that nothing is membrane where no value reaches the threshold', async () => {
    const only = { slices: [4], warping: false, errors: 0 };
    const { result } = await ran({ ...only, threshold: 1 });
    expect(result.warnings.join()).toMatch(/Nothing of the prediction is membrane .* is 0\.\d+/);
    expect((await ran(only)).result.warnings.join()).not.toContain('Nothing');
  });

  it(
    'gives what the measures give on the same slices, over the wire',
    { timeout: 120_000 },
    async () => {
      const { result, steps } = await ran({});
      expect(evaluateMaps.result.parse(structuredClone(result))).toEqual(result);
      expect(steps.map(({ done }) => done)).toEqual(steps.map((_, i) => i + 1));
      expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);

      const { signal } = new AbortController();
      const slices = await Promise.all(
        params.slices.map(async (z) => {
          const image = await openStacks.get(params.prediction, signal);
          const { values, width, height } = await readGreySlice(image, z, signal);
          const labels = await openStacks.get(params.truth, signal);
          const { target } = await readLabelSlice(labels, z, params, signal);
          return {
            probability: values.map((value) => value / 255),
            truth: target,
            width,
            height,
          };
        }),
      );
      const scores = evaluateStack(slices, params.threshold);
      const warping = warpingError(slices.map((slice) => warpSlice(slice, params.threshold)));
      expect(result.atThreshold).toEqual({
        threshold: params.threshold,
        vRand: scores.vRand.score,
        vRandPrecision: scores.vRand.precision,
        vRandRecall: scores.vRand.recall,
        vInfo: scores.vInfo.score,
        vInfoPrecision: scores.vInfo.precision,
        vInfoRecall: scores.vInfo.recall,
        randError: scores.randError,
        pixelError: scores.pixelError,
        dice: scores.dice,
        iou: scores.iou,
        accuracy: scores.accuracy,
        warpingError: warping.error,
        warpingMerges: warping.merges,
        warpingSplits: warping.splits,
      });
      const sweep = sweepStack(slices);
      expect(result.overSweep.randError?.value).toBe(
        Math.min(...sweep.map(({ randError }) => randError)),
      );
      expect(result.best.vInfo).toBe(Math.max(...sweep.map(({ vInfo }) => vInfo.score)));
    },
  );

  it('lists the most costly errors of all slices first, and no more than asked for', async () => {
    const { result } = await ran({ warping: false });
    expect(result.atThreshold).not.toHaveProperty('warpingError');
    const { errors } = result;
    expect(errors?.worst).toHaveLength(5);
    expect((errors?.merges ?? 0) + (errors?.splits ?? 0)).toBeGreaterThan(5);
    const costs = errors?.worst.map(({ cost }) => cost.vInfo) ?? [];
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    for (const { x, y, z, box } of errors?.worst ?? []) {
      expect(params.slices).toContain(z);
      expect(x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height).toBe(
        true,
      );
    }
  });

  it('finds nothing wrong with the truth itself', async () => {
    const { result } = await ran({ prediction: params.truth, slices: [0] });
    expect(result.atThreshold).toMatchObject({
      ...{ vRand: 1, vInfo: 1, randError: 0, pixelError: 0, dice: 1, accuracy: 1 },
      ...{ warpingError: 0, warpingMerges: 0, warpingSplits: 0 },
    });
    expect(result.errors).toEqual({ merges: 0, splits: 0, lost: 0, worst: [] });
  });

  it('stops at the next step when cancelled, even inside one slice', async () => {
    const controller = new AbortController();
    const steps: Step[] = [];
    const running = evaluate(
      { ...params, slices: [0] },
      {
        signal: controller.signal,
        progress: (step) => {
          steps.push(step);
          if (step.done === 4) controller.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(steps.at(-1)?.done).toBe(4);
    expect(steps.at(-1)?.total).toBeGreaterThan(20);
  });

  it('says before any scoring that the label value is nowhere', async () => {
    const steps: Step[] = [];
    await expect(
      evaluate(
        { ...params, membrane: 7 },
        { signal: new AbortController().signal, progress: (step) => steps.push(step) },
      ),
    ).rejects.toMatchObject({ code: 'labels.value-absent' });
    expect(steps).toEqual([]);
  });
});
