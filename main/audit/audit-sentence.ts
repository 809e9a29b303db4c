import type { Audit, AuditResult, ErrorRate } from '#contract/entities';

const number = (value: number): string => {
  if (value === 0) return '0';
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return String(Number(value.toPrecision(2)));
};

const rate = ({ rate: value, low, high }: ErrorRate, unit: string): string =>
  high === null
    ? `at least ${number(low)} per ${unit}`
    : `${number(value)} per ${unit} (95 % interval ${number(low)}–${number(high)})`;

const plural = (count: number, one: string): string =>
  `${String(count)} ${one}${count === 1 ? '' : 's'}`;

/** One sentence for a methods section; null while nothing can be said. */
export function auditSentence(audit: Audit, result: AuditResult, model: string): string | null {
  const { merges, splits, answered, length, unit, skipped } = result;
  if (merges === null || splits === null) return null;
  const { state, seed, frames, slices } = audit;
  const looked = unit === 'µm' ? `${number(length)} µm` : `${number(length * 1000)} pixels`;
  const how =
    merges.high === null || splits.high === null
      ? 'one error is counted a place, and more than a quarter of the places held one, so only 95 % lower bounds are given (Poisson count, Garwood 1936)'
      : 'at most one error is counted a place; intervals are exact for a Poisson count (Garwood 1936)';
  const left = skipped === 0 ? '' : ` (${plural(skipped, 'further place')} could not be judged)`;
  return (
    `Membranes were segmented with Membrana (model ${model}; mask thresholds ${String(state.mask.pixel)} for pixels and ${String(state.mask.cells)} for cells); ` +
    `in ${plural(answered, 'place')} drawn at random (seed ${String(seed)}) from ${plural(frames, 'frame')} of ${plural(slices, 'slice')}${left}, with ${looked} of membrane in the mask, an annotator found ` +
    `${plural(merges.errors, 'merge')}, ${rate(merges, unit)}, and ${plural(splits.errors, 'split')}, ${rate(splits, unit)}; ${how}.`
  );
}
