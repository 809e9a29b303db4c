import { verdictLead } from '#contract/verdict-text';
import type { FitReport, StackAnswer } from '../compute/requests';
import type { Verdict } from './gate';

/**
 * The disagreement of two answers must fall below this share of what it was.
 * Measured (docs/decisions/0010-fit.md): fits that won 0.04 and 0.05 V_Info
 * brought it to 0.84 and 0.93, one that lost 0.001 where the model was at home
 * to 1.13.
 */
const STEADIER = 0.95;
const UNSTEADIER = 1.05;
/** With fewer cells than this share of those before, cells have merged. */
const CELLS_KEPT = 0.75;
/** Shares of membrane that tissue has; ours lie between 0.15 and 0.3. */
const SANE = { least: 0.03, most: 0.5 } as const;

const steadiness = ({ disagreement }: StackAnswer): string =>
  disagreement === null ? 'no membrane found' : disagreement.toFixed(3);

/**
 * Whether a version that was fitted to a stack may take the place of the one
 * it came from, named `old`. Nothing of the stack is labelled, so it is asked
 * itself: its answers must depend clearly less on the way a slice lies, and
 * cells must not merge.
 */
export function fitGate({ before, after }: FitReport, old: string): Verdict {
  const cells = (answer: StackAnswer): string => String(Math.round(answer.cells));
  const found = `${cells(after)} cells a slice, ${old} ${cells(before)}`;
  const numbers = `${steadiness(after)}, ${old} ${steadiness(before)}; ${found}`;
  const aside = (why: string): Verdict => ({
    kind: 'kept-aside',
    reason: `${verdictLead['kept-aside']}${why}.`,
  });
  if (after.disagreement === null) return aside('it finds no membrane on your slices');
  if (after.membrane < SANE.least || after.membrane > SANE.most)
    return aside(
      `it calls ${(100 * after.membrane).toFixed(0)} % of your slices membrane, more or less than tissue has`,
    );
  if (!(after.cells > 0)) return aside('it finds no cell on your slices');
  if (after.cells < CELLS_KEPT * before.cells) return aside(`cells would merge: ${found}`);
  // Nothing was found before: anything sane is steadier.
  const ratio = before.disagreement === null ? 0 : after.disagreement / before.disagreement;
  if (ratio > UNSTEADIER)
    return aside(
      `when your slices are turned over it contradicts itself more than before (${numbers}): ${old} is more at home here`,
    );
  if (ratio > STEADIER)
    return {
      kind: 'offered',
      reason: `${verdictLead.offered}when your slices are turned over it contradicts itself as much as ${old} does (${numbers}).`,
    };
  return {
    kind: 'accepted',
    reason: `When your slices are turned over it contradicts itself less than before (${numbers}).`,
  };
}
