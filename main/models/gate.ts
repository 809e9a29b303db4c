/** Measured noise of V_Info between equal trainings is ± 0.003; a fall beyond this is real. */
const VINFO_FALL_ALLOWED = 0.005;

/** One model on today's validation data. */
export interface GateScores {
  /** V_Info on the replay validation, each model at its own topology threshold; null = no replay data. */
  readonly vInfo: number | null;
  /** Share of wrong pixels among the held-back corrections, in [0, 1]; null = nothing was held back. */
  readonly correctionError: number | null;
}

export interface GateVerdict {
  readonly accepted: boolean;
  /** A sentence for the user. */
  readonly reason: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/**
 * Whether a retrained version may become the one in use: V_Info on replay must
 * not fall by more than 0.005, and the error on held-back corrections must
 * shrink. What can't be measured speaks for nobody; when neither can be
 * measured, the version is kept aside.
 */
export function gate(before: GateScores, after: GateScores): GateVerdict {
  const fall = before.vInfo === null || after.vInfo === null ? null : before.vInfo - after.vInfo;
  if (fall !== null && (Number.isNaN(fall) || fall > VINFO_FALL_ALLOWED)) {
    return {
      accepted: false,
      reason: `Kept aside: on known data V_Info would fall from ${String(before.vInfo?.toFixed(3))} to ${String(after.vInfo?.toFixed(3))}.`,
    };
  }
  const old = before.correctionError;
  const now = after.correctionError;
  if (old === null || now === null) {
    return {
      accepted: false,
      reason: 'Kept aside: there are too few corrections to hold some back and check against.',
    };
  }
  if (!(now < old)) {
    return {
      accepted: false,
      reason: `Kept aside: wrong pixels among your held-back corrections did not get fewer (${percent(old)} before, ${percent(now)} after).`,
    };
  }
  const known =
    fall === null
      ? ''
      : `, and V_Info on known data is ${String(after.vInfo?.toFixed(3))} (${String(before.vInfo?.toFixed(3))} before)`;
  return {
    accepted: true,
    reason: `Wrong pixels among your held-back corrections fell from ${percent(old)} to ${percent(now)}${known}.`,
  };
}
