import { z } from 'zod';
import { sliceMark } from '#contract/slice-marks';
import { verdictLead } from '#contract/verdict-text';
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

export const asideWith = (reason: string): Verdict => ({
  kind: 'kept-aside',
  reason: `${verdictLead['kept-aside']}${reason}.`,
});

/** "slice ⟨3⟩", "slices ⟨3,7-9⟩". */
export const namedSlices = (slices: readonly number[]): string =>
  `${slices.length === 1 ? 'slice' : 'slices'} ${sliceMark(slices)}`;

type Dense = NonNullable<Comparison['dense']>;

function whereDense({ from, slices }: Dense): string {
  switch (from) {
    case 'validation':
      return `validation ${namedSlices(slices)}`;
    case 'replay':
      return `the ${String(slices.length)} labelled crops that come with Membrana`;
  }
}

/** How a number of the other version is named: "general 0.980". */
type Named = (value: string) => string;

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

/** Why a version trained from labels can't be held against the one in use. */
export const incomparable = [
  z.object({ kind: z.literal('no-model') }),
  z.object({ kind: z.literal('no-validation') }),
  z.object({ kind: z.literal('other-image'), image: z.string() }),
] as const;
export type Incomparable = z.infer<(typeof incomparable)[number]>;

/**
 * Whether a version trained from labels may take the place of the one in use,
 * named `rival`: on the validation slices V_Info must rise, or stay within
 * 0.005 while Dice rises. `favoured`: the rival has learnt from these very slices.
 * What can't be compared is offered; only where no version is in use it becomes
 * the one.
 */
export function trainingGate(
  comparison: Comparison | Incomparable,
  rival: string,
  favoured = false,
): Verdict {
  if ('kind' in comparison) return withoutComparison(comparison, rival);
  const { dense } = comparison;
  const ofRival: Named = (value) => `${rival} ${value}`;
  const truth = known(dense, ofRival);
  if (dense?.before == null || dense.after === null || truth === null)
    return offer(`the labels of its validation slices hold no whole cell to score on`);
  const [old, now] = [dense.before, dense.after];
  const numbers = `V_Info on ${whereDense(dense)} is ${truth.numbers}, Dice ${now.dice.toFixed(3)} (${ofRival(old.dice.toFixed(3))}; thresholds ${old.pixelThreshold.toFixed(2)} → ${now.pixelThreshold.toFixed(2)})`;
  const change = now.vInfo - old.vInfo;
  const unfair = favoured
    ? `. ${rival} has learnt from these slices itself, which speaks for it: validate on others to know better`
    : '';
  if (!(change >= -VINFO_FALL_ALLOWED))
    return asideWith(`it is worse than ${rival}: ${numbers}${unfair}`);
  if (change <= VINFO_FALL_ALLOWED && !(now.dice > old.dice))
    return asideWith(`it is no better than ${rival}: ${numbers}${unfair}`);
  return { kind: 'accepted', reason: `${numbers}.` };
}

export const offer = (why: string): Verdict => ({
  kind: 'offered',
  reason: `${verdictLead.offered}${why}.`,
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
  }
}

/** The verdict as the version's card keeps it: what is only offered is kept aside. */
export function statusOf({ kind, reason }: Verdict): ModelFile['status'] {
  switch (kind) {
    case 'accepted':
    case 'kept-aside':
      return { kind, reason };
    case 'offered':
      return { kind: 'kept-aside', reason, offered: true };
  }
}

/** The verdict where another version than the one that was compared has come into use meanwhile. */
export function afterSwitch(verdict: Verdict, inUse: string): Verdict {
  if (verdict.kind !== 'accepted') return verdict;
  return {
    kind: 'offered',
    reason: `${verdictLead.offered}${inUse} came into use meanwhile, which it was not compared with. ${verdict.reason}`,
  };
}

/** The same where slices are shown to models in another way by now: the version learnt and was judged as they were shown before. */
export function afterOtherConditioning(verdict: Verdict): Verdict {
  if (verdict.kind !== 'accepted') return verdict;
  return {
    kind: 'offered',
    reason: `${verdictLead.offered}how slices are shown to models, or the size of their pixels, was changed meanwhile; it learnt and was compared as it was before. ${verdict.reason}`,
  };
}
