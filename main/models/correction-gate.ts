import type { Comparison, StrokesWrong } from '../compute/requests';
import { judgeClasses, membraneChange } from './class-gate';
import { asideWith, namedSlices, offer, type Verdict } from './gate';

/**
 * The share of wrong held-back painted pixels must fall by this much, …
 * (measured on 84 rounds, a quarter of them with dishonest strokes, scored on
 * true labels, and set anew on seven later ones after a wall that is a line came to count
 * as half right: docs/decisions/0012-corrections.md)
 */
const FEWER_WRONG = 0.06;
/**
 * … and by this much where the version in use gets a good part of them right:
 * who mends mistakes paints where it is wrong (0 to 21 % right on honest
 * rounds, 45 to 71 % on strokes of another slice, at random and inverted).
 */
const FEWER_WRONG_OF_FEW = 0.12;
const MOSTLY_WRONG = 0.6;
/** Cells on slices without labels may become fewer by this share, … */
const CELLS_LOST = 0.25;
/** Flip disagreement may rise by this share. */
const FLIPS_RISEN = 0.3;
/** Lines this many times as wide, or as narrow, are another kind of drawing: what fat strokes teach. */
const WIDER = 1.7;
const NARROWER = 0.6;
/** Held-back cell interior of which so much more turns into membrane: what strokes of one class teach. */
const INTERIOR_LOST = 0.1;
/**
 * Where the share of wrong held-back pixels of one class does not fall by this
 * much, a version has learnt one half only: it may be drifting, so its answers
 * must not have become less steady either. What people paint over as a false
 * wall is mostly no membrane of a cell but as dark as one, and 120 steps don't
 * learn it (2 to 6 % obeyed), so to ask for both halves would refuse nearly
 * every later round (docs/decisions/0012-corrections.md).
 */
const EITHER_FEWER_WRONG = 0.05;
/** Fewer held-back painted pixels than this say nothing: about two short strokes. */
const FEWEST_HELD = 150;
/** On the bundled crops only a collapse counts: better rounds forget more of them than worse ones do. */
const COLLAPSE = 0.5;

const percent = (share: number): string => `${String(Math.round(share * 100))} %`;

/**
 * Whether a retrained version may become the one in use. What the user painted
 * and the new version never saw decides; confirmed pixels can't, because the old
 * version wrote them, and labels of other stacks only show a collapse. Slices
 * without labels guard against harm that strokes don't show.
 */
export function correctionGate(comparison: Comparison): Verdict {
  const { obedience, untouched, dense } = comparison;
  const harm = harmOf(untouched) ?? collapseOf(dense);
  if (harm !== null) return asideWith(harm);
  const classes = judgeClasses(comparison.classes ?? []);
  if (classes === null) return membraneGate(comparison);
  if (classes.kind === 'bad') return asideWith(classes.reason);
  const stroked = obedience?.held ?? obedience?.trained ?? null;
  const membranes = stroked === null ? null : membraneGate(comparison);
  if (membranes?.kind === 'kept-aside' && !noWorse(obedience?.held ?? null)) return membranes;
  const change = stroked === null ? membraneChange(untouched) : null;
  if (change !== null) return asideWith(change);
  if (classes.kind === 'unknown') return offer(classes.reason);
  const also = membranes?.kind === 'accepted' ? ` ${membranes.reason}` : noteOf(dense);
  return { kind: 'accepted', reason: `O${classes.reason.slice(1)}.${also}` };
}

/** Strokes of membrane and cell may be obeyed this much less where a round was worth it for another class. */
const MORE_WRONG = 0.02;

function noWorse(held: StrokesWrong | null): boolean {
  if (held === null) return true;
  const { before, after } = held;
  return after.all - before.all <= MORE_WRONG && after.interior - before.interior <= INTERIOR_LOST;
}

/** The verdict by strokes of membrane and cell. */
function membraneGate({ obedience, untouched, dense }: Comparison): Verdict {
  const held = obedience?.held ?? null;
  if (held === null || pixelsOf(held) < FEWEST_HELD) return tooFew(obedience?.trained ?? null);
  const { before, after, pixels } = held;
  const which = `your strokes on ${namedSlices(held.slices)} that were kept from training`;
  const change = `of ${which} it gets ${percent(1 - after.all)} right by itself, ${percent(1 - before.all)} before`;
  if (pixels.interior > 0 && after.interior - before.interior > INTERIOR_LOST)
    return asideWith(
      `it would draw membrane over ${percent(after.interior)} of what you painted as interior, ${percent(before.interior)} before; paint interior as well as membrane, so that it learns where to stop`,
    );
  if (before.all < FEWER_WRONG_OF_FEW)
    return asideWith(
      `the model in use already gets ${percent(1 - before.all)} of ${which} right by itself, so there is next to nothing to win; paint where it is wrong`,
    );
  const enough = before.all >= MOSTLY_WRONG ? FEWER_WRONG : FEWER_WRONG_OF_FEW;
  if (!(before.all - after.all >= enough))
    return asideWith(
      `${change}, too little to be sure that it is better; paint more mistakes of the same kind, on several slices`,
    );
  const half = halfLearnt(held);
  const { before: steady, after: now } = untouched?.flips ?? { before: null, after: null };
  if (half !== null && steady !== null && (now ?? Infinity) > steady)
    return asideWith(
      `of what you painted as ${half} on ${namedSlices(held.slices)} it gets only ${percent(1 - after[half])} right by itself, ${percent(1 - before[half])} before, and it is less sure of slices that nobody painted on; paint more ${half}`,
    );
  return { kind: 'accepted', reason: `O${change.slice(1)}.${noteOf(dense)}` };
}

/** The class of which enough was held back and next to nothing mended; null = none. */
function halfLearnt({ pixels, before, after }: StrokesWrong): 'membrane' | 'interior' | null {
  if (Math.min(pixels.membrane, pixels.interior) < FEWEST_HELD) return null;
  if (before.membrane - after.membrane < EITHER_FEWER_WRONG) return 'membrane';
  return before.interior - after.interior < EITHER_FEWER_WRONG ? 'interior' : null;
}

const pixelsOf = ({ pixels }: StrokesWrong): number => pixels.membrane + pixels.interior;

function tooFew(trained: StrokesWrong | null): Verdict {
  if (trained === null)
    return offer(
      'nothing is painted, so nothing says whether it is better; paint where the model is wrong',
    );
  return offer(
    `there are too few new strokes to keep some of them from training, so nothing says how it does where you did not paint. Of the strokes that it learnt from it gets ${percent(1 - trained.after.all)} right by itself, ${percent(1 - trained.before.all)} before. Compare both and choose, or correct two slices more and retrain`,
  );
}

/** What a version would do to slices without labels, in words; null = nothing bad. */
function harmOf(untouched: Comparison['untouched']): string | null {
  if (untouched === null) return null;
  const { cells, flips, lineWidth } = untouched;
  const where = `on ${namedSlices(untouched.slices)}`;
  if (cells.after < (1 - CELLS_LOST) * cells.before)
    return `cells ${where} would run together or vanish: ${cells.before.toFixed(0)} a slice before, ${cells.after.toFixed(0)} after. Look for strokes of the wrong class`;
  const shaken =
    flips.before !== null && (flips.after ?? Infinity) > (1 + FLIPS_RISEN) * flips.before;
  if (shaken)
    return `it would be less sure of what it sees ${where}: its answers to a slice and to the same slice turned over differ by ${flips.after === null ? 'everything' : percent(flips.after)}, ${percent(flips.before ?? 0)} before. Look for strokes that contradict each other`;
  const ratio = lineWidth.before > 0 ? lineWidth.after / lineWidth.before : 1;
  if (ratio > WIDER || ratio < NARROWER)
    return `its membranes ${where} would be ${lineWidth.after.toFixed(1)} pixels wide, ${lineWidth.before.toFixed(1)} before. Paint with a brush as narrow as the membrane`;
  return null;
}

function collapseOf(dense: Comparison['dense']): string | null {
  if (dense?.before == null) return null;
  const now = dense.after?.vInfo ?? 0;
  if (now >= COLLAPSE * dense.before.vInfo) return null;
  return `it would forget what membranes look like elsewhere: V_Info on the labelled crops that come with Membrana would fall from ${dense.before.vInfo.toFixed(3)} to ${now.toFixed(3)}`;
}

/** What became of other people's data: to know, not to decide. */
function noteOf(dense: Comparison['dense']): string {
  if (dense?.before == null || dense.after === null) return '';
  return ` On the labelled crops that come with Membrana V_Info is ${dense.after.vInfo.toFixed(3)} (${dense.before.vInfo.toFixed(3)} before).`;
}
