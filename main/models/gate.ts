import { z } from 'zod';
import { sliceMark } from '#contract/slice-marks';
import type { Comparison } from '../compute/requests';
import type { ModelFile } from './model-file';

/** Measured noise of V_Info between equal trainings is ± 0.003; a fall beyond this is real. */
const VINFO_FALL_ALLOWED = 0.005;

/** `offered`: nothing says whether it is better than the version in use, so it isn't put in its place. */
export interface Verdict {
  readonly kind: 'accepted' | 'kept-aside' | 'offered';
  /** What decided, on which slices and at which thresholds: a sentence for the user. */
  readonly reason: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const asideWith = (reason: string): Verdict => ({
  kind: 'kept-aside',
  reason: `Kept aside: ${reason}.`,
});

/** "slice ⟨3⟩", "slices ⟨3,7-9⟩". */
export const namedSlices = (slices: readonly number[]): string =>
  `${slices.length === 1 ? 'slice' : 'slices'} ${sliceMark(slices)}`;

type Dense = NonNullable<Comparison['dense']>;

function whereDense({ from, slices }: Dense): string {
  switch (from) {
    case 'validation':
      return `validation ${namedSlices(slices)}`;
    case 'reviewed':
      return `${namedSlices(slices)}, which you reviewed and the new version never saw,`;
    case 'replay':
      return `the ${String(slices.length)} labelled crops that come with Membrana`;
  }
}

/** How a number of the other version is named: "0.980 before", "general 0.980". */
type Named = (value: string) => string;
const before: Named = (value) => `${value} before`;

/** V_Info of both versions, each at the threshold that suits it best; null where one has none. */
function known(
  dense: Comparison['dense'],
  named: Named,
): {
  readonly old: number;
  readonly now: number;
  readonly numbers: string;
} | null {
  if (dense?.before == null || dense.after === null) return null;
  const [old, now] = [dense.before.vInfo, dense.after.vInfo];
  return {
    old,
    now,
    numbers: `${now.toFixed(3)} (${named(old.toFixed(3))}; thresholds ${dense.before.threshold.toFixed(2)} → ${dense.after.threshold.toFixed(2)})`,
  };
}

/**
 * Whether a retrained version may become the one in use: V_Info on dense truth
 * must not fall by more than 0.005, and the share of wrong pixels among the
 * corrections must shrink. Without dense truth the corrections decide alone;
 * without corrections nothing is accepted.
 */
export function gate({ dense, corrections }: Comparison): Verdict {
  const truth = known(dense, before);
  const onTruth = dense === null || truth === null ? null : `V_Info on ${whereDense(dense)}`;
  if (truth && !(truth.old - truth.now <= VINFO_FALL_ALLOWED))
    return asideWith(`${onTruth ?? 'V_Info'} would fall to ${truth.numbers}`);
  if (corrections === null) return asideWith('there are no corrections to check it against');
  const { before: was, after: is, heldBack, slices, thresholds } = corrections;
  const which = heldBack
    ? `your corrections on ${namedSlices(slices)} that were kept from training`
    : `your corrections on ${namedSlices(slices)}, all of which it trained on,`;
  if (was === 0)
    return asideWith(`the model in use already agrees with ${which.replace(/,$/, '')}`);
  const change = `wrong pixels among ${which} went from ${percent(was)} to ${percent(is)} (thresholds ${thresholds.before.toFixed(2)} → ${thresholds.after.toFixed(2)})`;
  if (!(is < was)) return asideWith(change);
  return {
    kind: 'accepted',
    reason: `${capital(change)}${onTruth === null ? '' : `; ${onTruth} is ${truth?.numbers ?? ''}`}.`,
  };
}

/** Why a version trained from labels can't be held against the one in use. `learnt`: that one has learnt from all validation slices itself. */
export const incomparable = [
  z.object({ kind: z.literal('no-model') }),
  z.object({ kind: z.literal('no-validation') }),
  z.object({ kind: z.literal('other-image'), image: z.string() }),
  z.object({ kind: z.literal('learnt'), slices: z.array(z.int().nonnegative()) }),
] as const;
export type Incomparable = z.infer<(typeof incomparable)[number]>;

/**
 * Whether a version trained from labels may take the place of the one in use,
 * named `rival`: on the validation slices V_Info must rise, or stay within
 * 0.005 while Dice rises. What can't be compared is offered; only where no
 * version is in use it becomes the one.
 */
export function trainingGate(comparison: Comparison | Incomparable, rival: string): Verdict {
  if ('kind' in comparison) return withoutComparison(comparison, rival);
  const { dense } = comparison;
  const ofRival: Named = (value) => `${rival} ${value}`;
  const truth = known(dense, ofRival);
  if (dense?.before == null || dense.after === null || truth === null)
    return offer(`the labels of its validation slices hold no whole cell to score on`);
  const [old, now] = [dense.before, dense.after];
  const numbers = `V_Info on ${whereDense(dense)} is ${truth.numbers}, Dice ${now.dice.toFixed(3)} (${ofRival(old.dice.toFixed(3))}; thresholds ${old.pixelThreshold.toFixed(2)} → ${now.pixelThreshold.toFixed(2)})`;
  const change = now.vInfo - old.vInfo;
  if (!(change >= -VINFO_FALL_ALLOWED)) return asideWith(`it is worse than ${rival}: ${numbers}`);
  if (change <= VINFO_FALL_ALLOWED && !(now.dice > old.dice))
    return asideWith(`it is no better than ${rival}: ${numbers}`);
  return { kind: 'accepted', reason: `${numbers}.` };
}

const offer = (why: string): Verdict => ({
  kind: 'offered',
  reason: `Not put in place: ${why}.`,
});

function withoutComparison(why: Incomparable, rival: string): Verdict {
  switch (why.kind) {
    case 'no-model':
      return { kind: 'accepted', reason: 'No model was in use before.' };
    case 'no-validation':
      return offer(`no slices were set aside to compare it with ${rival} on`);
    case 'other-image':
      return offer(
        `it learnt from ${why.image}, which is not the stack that is open, so nothing says how it does here beside ${rival}`,
      );
    case 'learnt':
      return offer(
        `${rival} has learnt from its validation ${namedSlices(why.slices)} itself, so a comparison there would be unfair`,
      );
  }
}

/** The verdict as the version's card keeps it: what is only offered is kept aside. */
export function statusOf({ kind, reason }: Verdict): ModelFile['status'] {
  return { kind: kind === 'accepted' ? 'accepted' : 'kept-aside', reason };
}

/** The verdict where another version than the one that was compared has come into use meanwhile. */
export function afterSwitch(verdict: Verdict, inUse: string): Verdict {
  if (verdict.kind !== 'accepted') return verdict;
  return {
    kind: 'offered',
    reason: `Not put in place: ${inUse} came into use meanwhile, which it was not compared with. ${verdict.reason}`,
  };
}
