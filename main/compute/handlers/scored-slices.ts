import { MembranaError } from '#contract/errors';
import type { ScoredSlice } from '#model/metrics/evaluate';
import type { ScoredStack } from '../requests';
import { readLabelSlice, requireSameShape } from './label-slices';
import { openStacks, readGreySlice } from './slice-pixels';

/**
 * Reads probability maps and the truth of the same slices, as floats and
 * 1 = membrane. `step` is awaited after every slice.
 * @throws MembranaError stack.shape-mismatch, labels.value-absent
 */
export async function readScoredSlices(
  params: ScoredStack,
  signal: AbortSignal,
  step: () => Promise<void>,
): Promise<ScoredSlice[]> {
  const prediction = await openStacks.get(params.prediction, signal);
  const truth = await openStacks.get(params.truth, signal);
  const onlyThese =
    prediction.info.depth !== truth.info.depth && prediction.info.depth === params.slices.length;
  const shown = onlyThese ? { ...truth.info, depth: params.slices.length } : truth.info;
  requireSameShape(prediction.info, shown, 'The prediction', 'the truth');
  const slices: ScoredSlice[] = [];
  let membrane = 0;
  for (const [i, z] of params.slices.entries()) {
    const page = onlyThese ? i : z;
    const { values, width, height } = await readGreySlice(prediction, page, signal);
    const labels = await readLabelSlice(truth, z, params, signal);
    membrane += labels.membranePixels;
    slices.push({
      probability: prediction.info.type === 'uint8' ? values.map((value) => value / 255) : values,
      truth: labels.target,
      width,
      height,
      ...(labels.weight === null ? {} : { weight: labels.weight }),
    });
    await step();
  }
  if (membrane === 0) {
    throw new MembranaError(
      'labels.value-absent',
      `No pixel of the truth has the value ${params.membrane}.`,
      {
        hint: 'Give the label value that means membrane with --membrane, for instance 0 or 255.',
        data: { value: params.membrane },
      },
    );
  }
  return slices;
}
