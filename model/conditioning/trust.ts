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
 * The threshold at which the cells of both answers agree best; null where the
 * model's own is as good to within noise, or none gives cells that agree. To be asked only where the agreement
 * at the model's own is below 0.96: there it gained on three of three
 * looks (0.904 → 0.933 at most), above it lost (0.995 → 0.992).
 */
export function betterThreshold(
  pairs: readonly MapPair[],
  own: CellAgreement,
): CellAgreement | null {
  const NOISE = 0.003;
  const others = thresholds.map((threshold) => meanAgreement(pairs, threshold));
  const best = others.toSorted((one, other) => other.vInfo - one.vInfo)[0];
  if (best === undefined || best.vInfo < limits.red.agreement) return null;
  return best.vInfo > own.vInfo + NOISE ? best : null;
}
