import { meanAgreement, type CellAgreement } from './cell-agreement';
import type { FlipScore, MapPair } from './flip';

export type Light = 'green' | 'yellow' | 'red';

/**
 * Limits between what was measured with `general` and `isbi-base8` (V_Info of
 * whole slices beside it): `bench/conditioning` prints both for its looks.
 * Agreement alone does not tell: at six counts a pixel a merged map agreed with
 * itself to 0.961 at V_Info 0.75, but its places contradicted each other (0.206;
 * V_Info 0.88 had 0.188, above 0.96 0.19 was the most).
 */
const limits = {
  /** From here on the cells of both answers are the same but for details. */
  green: { agreement: 0.96, disagreement: 0.17 },
  /** Beyond one of these the picture is not what the network learnt. */
  red: { agreement: 0.85, disagreement: 0.195 },
  share: { least: 0.03, most: 0.5 },
  /** Of a picture of 512² or more, fewer of a smaller one; a ground with specks has fewer. */
  fewestCells: { cells: 6, pixels: 512 * 512 },
} as const;

/** How far the cells can be trusted. `pixels`: of the picture that they are on, a slice. */
export function lightOf(
  { vInfo, cells }: CellAgreement,
  { disagreement, share }: FlipScore,
  pixels: number,
): Light {
  const { green, red, share: sane, fewestCells } = limits;
  const strange =
    !(disagreement <= red.disagreement) ||
    !(share >= sane.least && share <= sane.most) ||
    !(vInfo >= red.agreement) ||
    cells < fewestCells.cells * Math.min(1, pixels / fewestCells.pixels);
  if (strange) return 'red';
  return vInfo >= green.agreement && disagreement <= green.disagreement ? 'green' : 'yellow';
}

/** Thresholds that may suit better than a model's own. */
const thresholds = [0.03, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5] as const;

/**
 * Agreement rises by itself as the threshold falls, because small cells are
 * more alike: of thresholds this near to the best the model's own counts, or
 * the one nearest to it. Always the best one lost 0.013 V_Info on the hard look
 * after a round (own 0.9506, best 0.9374) and 0.018 on ISBI in that look;
 * before a round this gives 0.936 instead of 0.932 there, on ISBI 0.780 instead
 * of 0.806 (the model's own: 0.912 and 0.642). From 0.012 to 0.017 it is the same.
 */
const AS_STEADY = 0.015;

/**
 * The threshold, nearest to the model's own, at which the cells of both answers
 * agree nearly as well as at any; null where the model's own is as good, or
 * none gives cells that agree. To be asked only where the model is not at home.
 */
export function betterThreshold(
  pairs: readonly MapPair[],
  own: CellAgreement,
): CellAgreement | null {
  return steadiest(
    thresholds.map((threshold) => meanAgreement(pairs, threshold)),
    own,
  );
}

/** The choice among what was measured, the model's own beside it. */
export function steadiest(
  tried: readonly CellAgreement[],
  own: CellAgreement,
): CellAgreement | null {
  const best = Math.max(...tried.map(({ vInfo }) => vInfo));
  if (best < limits.red.agreement || own.vInfo >= best - AS_STEADY) return null;
  const far = ({ threshold }: CellAgreement): number =>
    Math.abs(Math.log(threshold / own.threshold));
  return (
    tried
      .filter(({ vInfo }) => vInfo >= best - AS_STEADY)
      .toSorted((one, other) => far(one) - far(other))[0] ?? null
  );
}
