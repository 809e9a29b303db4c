import type { Comparison, StrokesWrong } from '../compute/requests';
import { asideWith, namedSlices, offer, type Verdict } from './gate';

/**
 * The operating point of facts measured on 84 rounds, a quarter of them with
 * dishonest strokes, scored on true labels (docs/decisions/0012-corrections.md):
 * the share of wrong held-back painted pixels must fall by this much, …
 */
const FEWER_WRONG = 0.12;
/** … cells on slices without labels may become fewer by this share, … */
const CELLS_LOST = 0.25;
/** … and flip disagreement may rise by this share. */
const FLIPS_RISEN = 0.3;
/** Lines this many times as wide, or as narrow, are another kind of drawing: what fat strokes teach. */
const WIDER = 1.7;
const NARROWER = 0.6;
/** Held-back cell interior of which so much more turns into membrane: what strokes of one class teach. */
const INTERIOR_LOST = 0.1;
/**
 * Of either class the share of wrong held-back pixels must fall by this much,
 * where there are enough of both: a version that learns one of them drifts. Set
 * on a round that mended 26 % of the gaps and 2 % of the false walls, passed
 * without this rule and lost 0.007 V_Info.
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
export function correctionGate({ obedience, untouched, dense }: Comparison): Verdict {
  const harm = harmOf(untouched) ?? collapseOf(dense);
  if (harm !== null) return asideWith(harm);
  const held = obedience?.held ?? null;
  if (held === null || pixelsOf(held) < FEWEST_HELD) return tooFew(obedience?.trained ?? null);
  const { before, after, pixels } = held;
  const which = `your strokes on ${namedSlices(held.slices)} that were kept from training`;
  const change = `of ${which} it gets ${percent(1 - after.all)} right by itself, ${percent(1 - before.all)} before`;
  if (pixels.interior > 0 && after.interior - before.interior > INTERIOR_LOST)
    return asideWith(
      `it would draw membrane over ${percent(after.interior)} of what you painted as cell, ${percent(before.interior)} before; paint cell as well as membrane, so that it learns where to stop`,
    );
  if (before.all < FEWER_WRONG)
    return asideWith(
      `the model in use already gets ${percent(1 - before.all)} of ${which} right by itself, so there is next to nothing to win; paint where it is wrong`,
    );
  if (!(before.all - after.all >= FEWER_WRONG))
    return asideWith(
      `${change}, too little to be sure that it is better; paint more mistakes of the same kind, on several slices`,
    );
  if (Math.min(pixels.membrane, pixels.interior) >= FEWEST_HELD) {
    const one =
      before.membrane - after.membrane < EITHER_FEWER_WRONG
        ? 'membrane'
        : before.interior - after.interior < EITHER_FEWER_WRONG
          ? 'interior'
          : null;
    if (one !== null)
      return asideWith(
        `it learnt only one half: of what you painted as ${one === 'membrane' ? 'membrane' : 'cell'} on ${namedSlices(held.slices)} it gets ${percent(1 - after[one])} right by itself, ${percent(1 - before[one])} before; paint more of it`,
      );
  }
  return { kind: 'accepted', reason: `O${change.slice(1)}.${noteOf(dense)}` };
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
