import type { Audit, AuditResult, ErrorRate } from '#contract/entities';
import { poissonInterval, shareInterval } from './exact-interval';

/**
 * What the answers so far come to: errors of each kind over the length of
 * membrane in the frames that were answered, with Garwood's exact interval of
 * the count over the same length. A frame counts one error, the worst in it,
 * so where many frames have one the rates are at the low end.
 */
export function auditResult({ places }: Audit): AuditResult {
  const answered = places.filter(({ answer }) => answer !== null && answer !== 'skipped');
  const calibrated = places.every(({ micrometres }) => micrometres !== null);
  const length = answered.reduce(
    (sum, { micrometres, pixels }) => sum + (calibrated ? (micrometres ?? 0) : pixels / 1000),
    0,
  );
  const count = (kind: 'right' | 'merged' | 'split'): number =>
    answered.filter(({ answer }) => answer === kind).length;
  const right = count('right');
  return {
    answered: answered.length,
    skipped: places.filter(({ answer }) => answer === 'skipped').length,
    length,
    unit: calibrated ? 'µm' : '1,000 px',
    merges: rateOf(count('merged'), length),
    splits: rateOf(count('split'), length),
    right:
      answered.length === 0
        ? null
        : { share: right / answered.length, ...shareInterval(right, answered.length) },
  };
}

function rateOf(errors: number, length: number): ErrorRate | null {
  if (length === 0) return null;
  const { low, high } = poissonInterval(errors);
  return { errors, rate: errors / length, low: low / length, high: high / length };
}
