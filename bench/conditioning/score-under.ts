import type { Conditioning } from '#contract/entities';
import { predict } from '#main/compute/handlers/predict';
import type { EngineChoice } from '#main/compute/requests';
import { sourceReference } from '#main/stacks/open-stack';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { DrawnStack } from './drawn-stack';

export interface Scoring {
  readonly drawn: DrawnStack;
  /** Slices of the drawn stack. */
  readonly scored: readonly number[];
  /** Of the model version. */
  readonly folder: string;
  readonly choice: EngineChoice;
  readonly threshold: number;
}

/** V_Info of whole slices at a threshold, predicted as the app predicts them. */
export async function scoreUnder(
  conditioning: Conditioning,
  { drawn, scored, folder, choice, threshold }: Scoring,
): Promise<number> {
  const stack = await sourceReference(drawn.path);
  const { signal } = new AbortController();
  const slices: ScoredSlice[] = [];
  for (const z of scored) {
    const { pixelSize } = drawn;
    const { probability, width, height } = await predict(
      { stack, z, model: folder, tta: false, pixelSize, conditioning, output: 'float32', choice },
      { signal, progress: () => undefined },
    );
    const truth = drawn.truth[z];
    if (!(probability instanceof Float32Array) || truth === undefined)
      throw new Error('floats and a truth were asked for');
    slices.push({ probability, truth, width, height });
  }
  return evaluateStack(slices, threshold).vInfo.score;
}
