import type { Conditioning } from '#contract/entities';
import { readLabelSlice } from '#main/compute/handlers/slices/label-slices';
import { loadNetwork } from '#main/compute/handlers/loaded-network';
import { networkGrid, toNetwork } from '#main/compute/handlers/slices/network-grid';
import { openStacks } from '#main/compute/handlers/slices/slice-pixels';
import { inputSlice, tissueSliceOf } from '#main/compute/handlers/slices/tissue-slice';
import { sourceReference } from '#main/stacks/open-stack';
import { selectEngine } from '#model/engines/select';
import { SlicePredictor } from '#model/inference/predictor';
import { chooseThresholds } from '#model/metrics/choose-thresholds';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';

/** Of whole slices. V_* at the stored topology threshold, Dice at the stored pixel threshold. */
export interface FitScore {
  readonly vInfo: number;
  readonly vRand: number;
  readonly dice: number;
  /** At the best of all thresholds: what a better choice of it could still win. */
  readonly bestVInfo: number;
}

export interface Scored {
  readonly folder: string;
  readonly stack: string;
  /** 255 = membrane. */
  readonly labels: string;
  readonly slices: readonly number[];
  readonly conditioning: Conditioning;
  readonly threads: number;
}

/** A model version on slices of a stack with dense truth, conditioned as in use. */
export async function fitScore(of: Scored): Promise<FitScore> {
  const { signal } = new AbortController();
  const { network, weights, file } = await loadNetwork(of.folder);
  const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads: of.threads });
  const predictor = new SlicePredictor(engine, network, weights);
  const stack = await sourceReference(of.stack);
  const truths = await openStacks.get(await sourceReference(of.labels), signal);
  const scored: ScoredSlice[] = [];
  for (const z of of.slices) {
    const read = await tissueSliceOf(stack, z, signal);
    const grid = networkGrid(read.grey, null, null, 1);
    const seen = toNetwork(grid, inputSlice(read), of.conditioning);
    const { width, height } = seen;
    const { target } = await readLabelSlice(truths, z, { membrane: 255, void: null }, signal);
    scored.push({ width, height, truth: target, probability: await predictor.predict(seen) });
  }
  predictor.dispose();
  const atTopology = evaluateStack(scored, file.thresholds.topology);
  return {
    vInfo: atTopology.vInfo.score,
    vRand: atTopology.vRand.score,
    dice: evaluateStack(scored, file.thresholds.pixel).dice,
    bestVInfo: chooseThresholds(scored).vInfo,
  };
}
