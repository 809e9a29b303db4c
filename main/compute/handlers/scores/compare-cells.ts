import type { CellChange } from '#contract/entities';
import { classOf, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { membraneMask } from '#contract/mask/membrane-mask';
import { cellChanges } from '#model/changes/cell-changes';
import type { Handler } from '../../request';
import type { CompareCellsParams } from '../../requests';

/**
 * What changes in cells from one version to another, as the slice is seen: what
 * somebody painted or confirmed is as they say under both, and nothing changes in void.
 */
export const compareCellsOf: Handler<
  CompareCellsParams,
  null,
  { readonly changes: readonly CellChange[] }
> = ({ width, height, from, to, labels }) => {
  const before = membraneMask(from.probability, width, height, from.thresholds);
  const after = membraneMask(to.probability, width, height, to.thresholds);
  labels?.forEach((label, p) => {
    const kind = classOf(label);
    if (kind === UNTOUCHED) return;
    if (kind !== VOID) before[p] = kind === MEMBRANE ? 1 : 0;
    after[p] = before[p] ?? 0;
  });
  return Promise.resolve({ changes: cellChanges(before, after, width, height) });
};
