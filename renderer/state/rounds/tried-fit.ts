import {
  noConditioning,
  sameConditioning,
  type Conditioning,
  type ModelVersion,
} from '#contract/entities';
import type { ModelId } from '#contract/ids';

/** The newest fit of the version in use, on slices shown as they are now, that did not come into use by itself: the same fit again gives the same. */
export function triedFit(
  versions: readonly ModelVersion[],
  inUse: ModelId | null,
  shown: Conditioning,
): ModelVersion | null {
  const fits = versions.filter(
    ({ origin, parent, conditioning, status }) =>
      origin === 'fitted' &&
      parent === inUse &&
      status.kind === 'kept-aside' &&
      sameConditioning(conditioning ?? noConditioning, shown),
  );
  return fits.toSorted((a, b) => a.created.localeCompare(b.created)).at(-1) ?? null;
}
