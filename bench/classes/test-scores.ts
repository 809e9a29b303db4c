import { networkGrid, toNetwork } from '#main/compute/handlers/slices/network-grid';
import { inputSlice, tissueSliceOf } from '#main/compute/handlers/slices/tissue-slice';
import { noConditioning, type ModelClass } from '#contract/entities';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor } from '#model/inference/predictor';
import { thresholdCurve } from '#model/metrics/choose-thresholds';
import { evaluateStack } from '#model/metrics/evaluate';
import { addCounts, countPixels, pixelScores } from '#model/metrics/pixel';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { Network } from '#model/network/network';
import type { Slices } from '../correction/stacks';

export interface TrainedClasses {
  readonly network: Network;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly thresholds: { readonly topology: number; readonly pixel: number };
  readonly classes: readonly ModelClass[];
}

export interface ClassTest {
  readonly vInfo: number;
  readonly vRand: number;
  readonly dice: number;
  /** Of the first class beside membrane, at its own threshold and at the best; null = there is none. */
  readonly classDice: number | null;
  readonly classBest: { readonly threshold: number; readonly dice: number } | null;
}

const none = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };

/** Scores of whole slices that nothing learnt from, at the stored thresholds. */
export async function classTest(
  engine: Engine,
  { network, weights, thresholds, classes }: TrainedClasses,
  stack: SourceReference,
  truth: { readonly membranes: Slices; readonly first: Slices },
  scored: readonly number[],
): Promise<ClassTest> {
  const { signal } = new AbortController();
  const predictor = new SlicePredictor(engine, network, weights);
  const membranes: ScoredSlice[] = [];
  const first: ScoredSlice[] = [];
  try {
    for (const z of scored) {
      const slice = inputSlice(await tissueSliceOf(stack, z, signal));
      const { width, height } = slice;
      const seen = toNetwork(networkGrid(slice, null, null), slice, noConditioning);
      const maps = await predictor.predictAll(seen);
      const area = width * height;
      const of = (c: number, { slices }: Slices): ScoredSlice => ({
        probability: maps.slice(c * area, (c + 1) * area),
        truth: slices[z] ?? new Uint8Array(),
        width,
        height,
      });
      membranes.push(of(0, truth.membranes));
      if (network.classes > 1) first.push(of(1, truth.first));
    }
  } finally {
    predictor.dispose();
  }
  const cells = evaluateStack(membranes, thresholds.topology);
  const { threshold } = classes[0] ?? { threshold: 0.5 };
  const counts = first.map((one) => countPixels(one.probability, one.truth, threshold));
  const weighed = first.map((one) => ({
    ...one,
    weight: new Uint8Array(one.truth.length).fill(1),
  }));
  const best = thresholdCurve([weighed], 'usual').toSorted((a, b) => b.dice - a.dice)[0];
  return {
    vInfo: cells.vInfo.score,
    vRand: cells.vRand.score,
    dice: evaluateStack(membranes, thresholds.pixel).dice,
    classDice: first.length === 0 ? null : pixelScores(counts.reduce(addCounts, none)).dice,
    classBest:
      first.length === 0 || best === undefined
        ? null
        : { threshold: best.threshold, dice: best.dice },
  };
}
