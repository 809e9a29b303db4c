import type { z } from 'zod';
import {
  meanCurve,
  thresholdCurve,
  thresholdsFrom,
  type ThresholdPoint,
} from '#model/metrics/choose-thresholds';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { Handler } from '../../request';
import type { ChooseThresholdsParams, ChooseThresholdsResult } from '../../requests';
import { breathe } from '../../serve';
import { openScored, readScoredSlice } from '../slices/scored-slices';

type Result = z.infer<typeof ChooseThresholdsResult>;

/**
 * Chooses a model's thresholds from the maps of several held-back groups of
 * slices, and scores every group at thresholds that the other folds chose, so
 * that no score has seen its own threshold.
 */
export const chooseFromGroups: Handler<
  z.infer<typeof ChooseThresholdsParams>,
  { done: number; total: number },
  Result
> = async ({ groups }, { signal, progress }) => {
  const total = groups.reduce((sum, { slices }) => sum + slices.length + 1, 0);
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    progress({ done, total });
    await breathe(signal);
  };
  const read: { readonly slices: ScoredSlice[]; readonly curve: readonly ThresholdPoint[] }[] = [];
  for (const group of groups) {
    const stack = await openScored(group, signal);
    const slices: ScoredSlice[] = [];
    for (const i of group.slices.keys()) {
      slices.push((await readScoredSlice(stack, i, signal)).slice);
      await step();
    }
    read.push({ slices, curve: thresholdCurve([slices], 'fine') });
    await step();
  }
  const curve = meanCurve(read.map((group) => group.curve));
  const { threshold: topology, pixelThreshold: pixel } = thresholdsFrom(curve);
  return {
    thresholds: { topology, pixel },
    groups: read.map(({ slices }, i): Result['groups'][number] => {
      const others = read.filter((_, j) => groups[j]?.fold !== groups[i]?.fold);
      const { threshold, pixelThreshold } =
        others.length === 0
          ? { threshold: topology, pixelThreshold: pixel }
          : thresholdsFrom(meanCurve(others.map((group) => group.curve)));
      const regions = evaluateStack(slices, threshold);
      const pixels = evaluateStack(slices, pixelThreshold);
      return {
        vInfo: regions.vInfo.score,
        vRand: regions.vRand.score,
        dice: pixels.dice,
        accuracy: pixels.accuracy,
        threshold,
        pixelThreshold,
      };
    }),
    curve: [...curve],
  };
};
