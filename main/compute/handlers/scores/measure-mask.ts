import type { ErrorCounts, MaskScores, SegmentationError } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { errorList } from '#model/metrics/error-list';
import { prepareSlice, scoreSlice, stackScores } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { Handler } from '../../request';
import type { MeasuredMask, MeasureMaskParams } from '../../requests';
import { breathe } from '../../serve';
import { readLabelSlice } from '../slices/label-slices';
import { scoreRow } from './score-rows';
import { openStacks } from '../slices/slice-pixels';

/** Where a mask of zeros and ones is cut. */
const CUT = 0.5;

/**
 * Scores and wrong walls of a slice's mask, as `evaluate` finds them of the
 * same mask in a file.
 * @throws MembranaError stack.shape-mismatch, stack.*, file.*; AbortError
 */
export const measureMaskOf: Handler<MeasureMaskParams, null, MeasuredMask> = async (
  { mask, width, height, truth, membrane, z, most },
  { signal },
) => {
  const source = await openStacks.get(truth, signal);
  requireSlice(source.info, { width, height, z });
  const meaning = { membrane, void: null };
  const { target, weight, membranePixels } = await readLabelSlice(source, z, meaning, signal);
  if (membranePixels === 0) return { kind: 'blank' };
  const probability = Float32Array.from(mask, (value) => (value === 0 ? 0 : 1));
  const base = { probability, truth: target, width, height };
  const slice: ScoredSlice = weight === null ? base : { ...base, weight };
  const scored = scoreSlice(prepareSlice(slice), CUT);
  await breathe(signal);
  const errors = errorList(slice, CUT);
  const { truePositive, falsePositive, falseNegative } = scored.pixels;
  return {
    kind: 'measured',
    scores: maskScores(scoreRow(stackScores([scored], CUT))),
    pixels: { both: truePositive, maskOnly: falsePositive, truthOnly: falseNegative },
    errors: countsOf(errors),
    worst: errors.slice(0, most).map((error) => ({ ...error, parts: [...error.parts], z })),
  };
};

const maskScores = ({
  vInfo,
  vInfoPrecision,
  vInfoRecall,
  vRand,
  vRandPrecision,
  vRandRecall,
  dice,
}: MaskScores): MaskScores => ({
  ...{ vInfo, vInfoPrecision, vInfoRecall },
  ...{ vRand, vRandPrecision, vRandRecall },
  dice,
});

function countsOf(errors: readonly Pick<SegmentationError, 'kind'>[]): ErrorCounts {
  const count = (kind: SegmentationError['kind']): number =>
    errors.filter((error) => error.kind === kind).length;
  return { merges: count('merge'), splits: count('split'), lost: count('lost') };
}

/** The truth fitted when it was opened; its file may have been replaced since. */
function requireSlice(
  info: { readonly width: number; readonly height: number; readonly depth: number },
  slice: { readonly width: number; readonly height: number; readonly z: number },
): void {
  const { width, height, depth } = info;
  if (width === slice.width && height === slice.height && slice.z < depth) return;
  throw new MembranaError(
    'stack.shape-mismatch',
    `The truth is ${width} × ${height} × ${depth} pixels, which is not the size of the stack.`,
    { hint: 'Open the label stack again that belongs to this stack.' },
  );
}
