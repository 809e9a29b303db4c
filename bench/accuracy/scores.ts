import { z } from 'zod';
import { formatSliceRange } from '#contract/slice-range';
import { runCommand } from './command-line';
import type { Fold } from './folds';
import type { LabelledStack } from './labelled-stack';
import type { Budget } from './options';
import { lengthToReach, type Part } from './part';

/** Region scores at the topology threshold, pixel scores at the pixel threshold, on the scored slices. */
export interface FoldScores {
  readonly vInfo: number;
  readonly vRand: number;
  readonly dice: number;
  readonly accuracy: number;
  /** Seconds or steps of training, as the budget counts; null = never. */
  readonly lengthToReach: number | null;
}

/** What counts as trained, on the slices that choose. */
export const reachedVInfo = 0.975;

const Evaluation = z.object({
  atThreshold: z.object({
    vInfo: z.number(),
    vRand: z.number(),
    dice: z.number(),
    accuracy: z.number(),
  }),
});

/** Scores a part with `evaluate` of our command line, whoever made it. */
export async function scorePart(
  part: Part,
  fold: Fold,
  stack: LabelledStack,
  threads: number,
  unit: Budget['kind'],
): Promise<FoldScores> {
  const at = async (threshold: number) =>
    Evaluation.parse(
      await runCommand(
        [
          ...['evaluate', '--prediction', part.maps, '--truth', stack.labels],
          ...['--membrane', String(stack.membrane), '--threshold', String(threshold)],
          ...['--slices', formatSliceRange([...fold.score]), '--quiet'],
        ],
        threads,
      ),
    ).atThreshold;
  const { vInfo, vRand } = await at(part.thresholds.topology);
  const { dice, accuracy } = await at(part.thresholds.pixel);
  const length = lengthToReach(part.curve, reachedVInfo, unit);
  return { vInfo, vRand, dice, accuracy, lengthToReach: length };
}
