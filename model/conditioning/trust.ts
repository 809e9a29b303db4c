import { meanAgreement, type CellAgreement } from './cell-agreement';
import type { FlipScore, MapPair } from './flip';

export type Light = 'green' | 'yellow' | 'red';

/** From here on the cells of both answers are the same but for details. */
const AT_HOME = 0.96;
/** Below it they are not. */
const LOST = 0.85;
/** A network that knows the picture contradicts itself by less than this, and draws this much membrane. */
const mostDisagreement = 0.45;
const sane = { least: 0.03, most: 0.5 } as const;

/** How far the cells can be trusted. */
export function lightOf({ vInfo, cells }: CellAgreement, { disagreement, share }: FlipScore): Light {
  const absurd =
    !(disagreement <= mostDisagreement) ||
    !(share >= sane.least && share <= sane.most) ||
    cells < 2;
  if (absurd || vInfo < LOST) return 'red';
  return vInfo < AT_HOME ? 'yellow' : 'green';
}

/** Thresholds that may suit better than a model's own. */
const thresholds = [0.03, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5] as const;

/**
 * The threshold at which the cells of both answers agree best; null where the
 * model's own is as good to within noise. To be asked only where the agreement
 * at the model's own is below `AT_HOME`: there it gained on three of three
 * looks (0.904 → 0.933 at most), above it lost (0.995 → 0.992).
 */
export function betterThreshold(
  pairs: readonly MapPair[],
  own: CellAgreement,
): CellAgreement | null {
  const NOISE = 0.003;
  const others = thresholds.map((threshold) => meanAgreement(pairs, threshold));
  const best = others.toSorted((one, other) => other.vInfo - one.vInfo)[0];
  return best !== undefined && best.vInfo > own.vInfo + NOISE ? best : null;
}
