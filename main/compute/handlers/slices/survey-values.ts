import { greyRegion } from '#main/stacks/grey-region';
import type { StackSource } from '#main/stacks/stack-source';
import { breathe } from '../../serve';
import type { ValueSurvey } from '../prediction-range';
import { readWholeSlice } from './slice-pixels';

/**
 * Looks at all values of some slices of a prediction.
 * @throws MembranaError stack.page-unreadable, stack.slice-out-of-range
 */
export async function surveyValues(
  source: StackSource,
  slices: readonly number[],
  signal: AbortSignal,
): Promise<ValueSurvey> {
  let least = Infinity;
  let most = -Infinity;
  let numbers = 0;
  const distinct = new Set<number>();
  for (const z of slices) {
    const { data } = greyRegion(await readWholeSlice(source, z, signal), source.info.meaning);
    let last = Number.NaN;
    for (const one of data) {
      const value = Number(one);
      if (!Number.isFinite(value)) continue;
      numbers += 1;
      if (value === last) continue;
      last = value;
      if (value < least) least = value;
      if (value > most) most = value;
      if (distinct.size < 3) distinct.add(value);
    }
    await breathe(signal);
  }
  return { type: source.info.type, least, most, twoValues: distinct.size < 3, numbers };
}
