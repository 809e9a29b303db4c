import type { FitReport } from '../compute/requests';
import type { Verdict } from './gate';

/** Provisional until measured. */
const CLEARLY = 0.85;
const CELLS_KEPT = 0.75;

/**
 * Whether a version that was fitted to a stack may take the place of the one
 * it came from, named `old`. Nothing of the stack is labelled, so its own
 * steadiness decides.
 */
export function fitGate({ before, after }: FitReport, old: string): Verdict {
  const number = (value: number | null): string => (value === null ? 'none' : value.toFixed(3));
  const change = `its answers to a slice and to the same slice turned over differ by ${number(after.disagreement)} (${old} ${number(before.disagreement)})`;
  const steadier =
    after.disagreement !== null &&
    (before.disagreement === null || after.disagreement <= CLEARLY * before.disagreement);
  if (!steadier || after.cells < CELLS_KEPT * before.cells)
    return { kind: 'offered', reason: `Not put in place: ${change}.` };
  return { kind: 'accepted', reason: `${change}.` };
}
