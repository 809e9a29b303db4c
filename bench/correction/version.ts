import { meanAgreement } from '#model/conditioning/cell-agreement';
import { predictPair, steadiness, type MapPair } from '#model/conditioning/flip';
import { betterThreshold, lightOf } from '#model/conditioning/trust';
import { loadNetwork, type LoadedNetwork } from '#main/compute/handlers/loaded-network';
import { networkGrid, toNetwork } from '#main/compute/handlers/slices/network-grid';
import { inputSlice, tissueSliceOf } from '#main/compute/handlers/slices/tissue-slice';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor } from '#model/inference/predictor';
import { thresholdCurve } from '#model/metrics/choose-thresholds';
import { evaluateStack } from '#model/metrics/evaluate';
import { addCounts, countPixels, pixelScores } from '#model/metrics/pixel';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { scored, type CorrectionSetting } from './settings';
import type { Slices } from './stacks';

/** A version: the card of the one that all come from, and weights of its own. */
export type Version = LoadedNetwork;
export const startVersion = loadNetwork;

export interface TestScores {
  readonly vInfo: number;
  readonly vRand: number;
  readonly dice: number;
  /** V_Info at the threshold for cells that the window takes: the stored one, or where turned slices agree most if the light is not green. */
  readonly ownClass: {
    readonly dice: number;
    readonly threshold: number;
    readonly best: { readonly threshold: number; readonly dice: number };
  } | null;
  readonly steady: { readonly threshold: number; readonly light: string; readonly vInfo: number };
}

const { signal } = new AbortController();

/** Slices whose answers are held against those to their transposes. */
const turned = [1, 7, 14] as const;

/** What the window makes of the answers to slices and to their transposes. */
export async function steadyThreshold(
  stack: SourceReference,
  { conditioning }: CorrectionSetting,
  engine: Engine,
  { network, weights, file }: Version,
): Promise<{ threshold: number; light: string }> {
  const predictor = new SlicePredictor(engine, network, weights);
  const pairs: MapPair[] = [];
  try {
    for (const z of turned) {
      const slice = inputSlice(await tissueSliceOf(stack, z, signal));
      const grid = networkGrid(slice, null, null, conditioning.scale);
      const input = toNetwork(grid, slice, conditioning);
      pairs.push(await predictPair((part) => predictor.predict(part), input, null));
    }
  } finally {
    predictor.dispose();
  }
  const { topology } = file.thresholds;
  const agreement = meanAgreement(pairs, topology);
  const pixels = Math.max(...pairs.map(({ map }) => map.length));
  const light = lightOf(agreement, steadiness(pairs), pixels);
  const better = light === 'green' ? null : betterThreshold(pairs, agreement);
  return { threshold: better?.threshold ?? topology, light };
}

/** Probability maps of slices, conditioned as the app does it. */
export async function mapsOf(
  stack: SourceReference,
  { conditioning }: CorrectionSetting,
  slices: readonly number[],
  engine: Engine,
  { network, weights }: Version,
): Promise<Map<number, Float32Array<ArrayBuffer>>> {
  const predictor = new SlicePredictor(engine, network, weights);
  const maps = new Map<number, Float32Array<ArrayBuffer>>();
  try {
    for (const z of slices) {
      const slice = inputSlice(await tissueSliceOf(stack, z, signal));
      const grid = networkGrid(slice, null, null, conditioning.scale);
      maps.set(z, await predictor.predict(toNetwork(grid, slice, conditioning)));
    }
  } finally {
    predictor.dispose();
  }
  return maps;
}

const noPixels = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };

/** How the first class beside membrane is found on the scored slices; null where the version has none. */
async function classScore(
  stack: SourceReference,
  { conditioning }: CorrectionSetting,
  truth: Slices,
  engine: Engine,
  { network, weights, file }: Version,
): Promise<TestScores['ownClass']> {
  const [own] = file.classes;
  if (own === undefined) return null;
  const predictor = new SlicePredictor(engine, network, weights);
  const slices: ScoredSlice[] = [];
  try {
    for (const z of scored) {
      const slice = inputSlice(await tissueSliceOf(stack, z, signal));
      const grid = networkGrid(slice, null, null, conditioning.scale);
      const maps = await predictor.predictAll(toNetwork(grid, slice, conditioning));
      const area = slice.width * slice.height;
      const { width, height } = slice;
      const probability = maps.slice(area, 2 * area);
      const weight = new Uint8Array(area).fill(1);
      slices.push({
        probability,
        truth: truth.slices[z] ?? new Uint8Array(),
        width,
        height,
        weight,
      });
    }
  } finally {
    predictor.dispose();
  }
  const { threshold } = own;
  const counts = slices.map((one) => countPixels(one.probability, one.truth, threshold));
  const curve = thresholdCurve([slices], 'usual').toSorted((a, b) => b.dice - a.dice);
  const best = curve[0] ?? { threshold, dice: 0 };
  return {
    dice: pixelScores(counts.reduce(addCounts, noPixels)).dice,
    threshold,
    best: { threshold: best.threshold, dice: best.dice },
  };
}

/** Scores of whole slices that nobody corrected, at the stored thresholds. */
export async function scoresOf(
  stack: SourceReference,
  setting: CorrectionSetting,
  truth: Slices,
  engine: Engine,
  version: Version,
  ownTruth: Slices | null,
): Promise<TestScores> {
  const maps = await mapsOf(stack, setting, scored, engine, version);
  const { width, height } = truth;
  const slices = scored.map((z): ScoredSlice => {
    const [own, map] = [truth.slices[z], maps.get(z)];
    if (own === undefined || map === undefined) throw new Error(`Slice ${String(z)} is missing.`);
    return { probability: map, truth: own, width, height };
  });
  const { topology, pixel } = version.file.thresholds;
  const cells = evaluateStack(slices, topology);
  const { threshold, light } = await steadyThreshold(stack, setting, engine, version);
  const steady = threshold === topology ? cells : evaluateStack(slices, threshold);
  return {
    vInfo: cells.vInfo.score,
    vRand: cells.vRand.score,
    dice: evaluateStack(slices, pixel).dice,
    steady: { threshold, light, vInfo: steady.vInfo.score },
    ownClass:
      ownTruth === null ? null : await classScore(stack, setting, ownTruth, engine, version),
  };
}
