import { reviewOf } from '#contract/label-byte';
import { runPixelCount, type LabelPatch, type PatchValues } from '#contract/label-patch';

const isPainted = (label: number): boolean => reviewOf(label) === 1;

const at = (values: PatchValues, i: number): number =>
  values.kind === 'uniform' ? values.value : (values.values[i] ?? 0);

/** Pixels that a patch painted, or took from what was painted; confirming counts for none. */
export function handPixels({ tiles }: Pick<LabelPatch, 'tiles'>): number {
  let sum = 0;
  for (const { runs, before, after } of tiles) {
    const count = runPixelCount(runs);
    // A stroke of one class, whatever it covers, is the common one.
    if (after.kind === 'uniform' && isPainted(after.value)) {
      sum += count;
      continue;
    }
    for (let i = 0; i < count; i += 1)
      if (isPainted(at(after, i)) || isPainted(at(before, i))) sum += 1;
  }
  return sum;
}
