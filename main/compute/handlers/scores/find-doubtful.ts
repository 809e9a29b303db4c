import type { DoubtfulPlace } from '#contract/entities';
import { classOf, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { doubtfulPlaces } from '#model/queue/places';
import type { Handler } from '../../request';
import type { DoubtfulParams } from '../../requests';

/** The places of a slice that are probably wrong; what somebody painted or confirmed is as they say. */
export const findDoubtfulPlaces: Handler<
  DoubtfulParams,
  null,
  { readonly places: readonly DoubtfulPlace[] }
> = ({ width, height, probability, labels, threshold }) => {
  const settled = labels?.map((label) => (classOf(label) === UNTOUCHED ? 0 : 1)) ?? null;
  const corrected = probability.map((value, at) => {
    const kind = classOf(labels?.[at] ?? UNTOUCHED);
    if (kind === UNTOUCHED || kind === VOID) return value;
    return kind === MEMBRANE ? 255 : 0;
  });
  // Membrane iff p ≥ threshold, as in the mask: the first byte that is.
  const places = doubtfulPlaces(
    { probability: corrected, width, height, settled },
    Math.ceil(threshold * 255),
  );
  return Promise.resolve({ places });
};
