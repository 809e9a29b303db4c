/** Measured noise of V_Info between equal trainings is ± 0.003; a fall beyond this is real. */
const VINFO_FALL_ALLOWED = 0.005;

/** One model on today's validation data. */
export interface GateScores {
  /** V_Info on dense truth at the threshold that suits the model best there; null = there is no dense truth. */
  readonly vInfo: number | null;
  /** Share of wrong pixels among the corrections to check against, in [0, 1]; null = there are none. */
  readonly correctionError: number | null;
}

export interface GateVerdict {
  readonly accepted: boolean;
  /** A sentence for the user. */
  readonly reason: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const asideWith = (reason: string): GateVerdict => ({
  accepted: false,
  reason: `Kept aside: ${reason}.`,
});

/**
 * Whether a retrained version may become the one in use: V_Info on dense truth
 * must not fall by more than 0.005, and the share of wrong pixels among the
 * corrections must shrink. Without dense truth the corrections decide alone;
 * without corrections nothing is accepted. `heldBack`: the corrections that
 * are counted here were kept from training.
 */
export function gate(before: GateScores, after: GateScores, heldBack: boolean): GateVerdict {
  const known =
    before.vInfo === null || after.vInfo === null ? null : { old: before.vInfo, now: after.vInfo };
  const numbers = known && `${known.now.toFixed(3)} (${known.old.toFixed(3)} before)`;
  if (known && !(known.old - known.now <= VINFO_FALL_ALLOWED))
    return asideWith(`V_Info on known data would fall to ${numbers ?? ''}`);
  const old = before.correctionError;
  const now = after.correctionError;
  if (old === null || now === null)
    return asideWith('there are no corrections to check it against');
  const which = heldBack ? 'your held-back corrections' : 'your corrections';
  if (old === 0) return asideWith(`the model in use already agrees with ${which}`);
  const change = `Wrong pixels among ${which} went from ${percent(old)} to ${percent(now)}`;
  if (!(now < old)) return asideWith(change.charAt(0).toLowerCase() + change.slice(1));
  return {
    accepted: true,
    reason: `${change}${numbers === null ? '' : `, V_Info on known data is ${numbers}`}.`,
  };
}
