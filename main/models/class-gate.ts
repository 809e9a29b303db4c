import type { ClassComparison, Comparison } from '../compute/requests';
import { namedSlices } from './gate';

/** Fewer held-back painted pixels of a class than this say nothing: about one stroke. */
const FEWEST_HELD = 100;
/** Of held-back strokes of a class so much must be found, … */
const FOUND = 0.5;
/** … and of anything else that was painted no more called so. */
const CALLED = 0.2;
/** A class that the version in use knows already may lose this much of either. */
const FALL_ALLOWED = 0.05;

/**
 * Where a round was about other classes alone, membranes are to stay what they
 * are: less room than a round of membrane strokes has, which wins something for
 * it. Four such rounds cost 0.002, 0.003, 0.009 and 0.022 of V_Info; their flips
 * had risen by 4, 10, 39 and 41 %, cells were 0 to 4 % more, lines 0 to 5 % wider.
 */
const CELLS_LOST = 0.1;
const FLIPS_RISEN = 0.15;
const WIDTH_CHANGED = 0.15;

const percent = (share: number): string => `${String(Math.round(share * 100))} %`;

export interface ClassVerdict {
  readonly kind: 'good' | 'bad' | 'unknown';
  /** A sentence without its end. */
  readonly reason: string;
}

/** Whether a version has learnt one class, by strokes of it that were kept from training. */
function judgeClass({ name, held, trained }: ClassComparison): ClassVerdict {
  if (held === null || held.after.pixels.own < FEWEST_HELD)
    return {
      kind: 'unknown',
      reason: `there are too few strokes of ${name} to keep some of them from training, so nothing says how it finds ${name} where you did not paint. Of the strokes that it learnt from it finds ${percent(trained === null ? 0 : 1 - trained.after.own)}. Compare and choose, or paint ${name} on two slices more and retrain`,
    };
  const { before, after, slices } = held;
  const found = `of your strokes of ${name} on ${namedSlices(slices)} that were kept from training it finds ${percent(1 - after.own)} by itself${before === null ? '' : `, ${percent(1 - before.own)} before`}`;
  const called = `of what else you painted there it calls ${percent(after.others)} ${name}${before === null ? '' : `, ${percent(before.others)} before`}`;
  if (1 - after.own < FOUND)
    return {
      kind: 'bad',
      reason: `${found}; paint more of it, on several slices and of every look that it has`,
    };
  if (after.others > CALLED)
    return {
      kind: 'bad',
      reason: `${called}; paint more of what it is not, where it is alike`,
    };
  const fell =
    before !== null &&
    (after.own - before.own > FALL_ALLOWED || after.others - before.others > FALL_ALLOWED);
  if (fell) return { kind: 'bad', reason: `${found}, and ${called}` };
  return { kind: 'good', reason: `${found}, and ${called}` };
}

/** The verdict on all classes of a round: the worst of them; null = no class was painted. */
export function judgeClasses(classes: readonly ClassComparison[]): ClassVerdict | null {
  const verdicts = classes.map(judgeClass);
  const [first] = verdicts;
  if (first === undefined) return null;
  const worst =
    verdicts.find(({ kind }) => kind === 'bad') ?? verdicts.find(({ kind }) => kind === 'unknown');
  return worst ?? { kind: 'good', reason: verdicts.map(({ reason }) => reason).join('; ') };
}

/** What a round that was about other classes did to membranes, in words; null = nothing that counts. */
export function membraneChange(untouched: Comparison['untouched']): string | null {
  if (untouched === null) return null;
  const { cells, flips, lineWidth } = untouched;
  const where = `on ${namedSlices(untouched.slices)}`;
  const ratio = lineWidth.before > 0 ? lineWidth.after / lineWidth.before : 1;
  const shaken =
    flips.before !== null && (flips.after ?? Infinity) > (1 + FLIPS_RISEN) * flips.before;
  if (
    cells.after >= (1 - CELLS_LOST) * cells.before &&
    Math.abs(ratio - 1) <= WIDTH_CHANGED &&
    !shaken
  )
    return null;
  return `learning it would change membranes, which nobody corrected: ${cells.before.toFixed(0)} cells a slice ${where} before, ${cells.after.toFixed(0)} after, lines ${lineWidth.before.toFixed(1)} and ${lineWidth.after.toFixed(1)} pixels wide${shaken ? `, and its answers to the same slices turned over differ by ${flips.after === null ? 'everything' : percent(flips.after)}, ${percent(flips.before ?? 0)} before` : ''}. Paint on more slices, or correct membranes as well`;
}
