import type { ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';

/** A model version as far as its descent matters. */
type Descendant = Pick<ModelVersion, 'id' | 'parent' | 'origin' | 'created' | 'status'>;

/**
 * Whose prediction a slice shows: that of the version in use, else that of the
 * nearest version it descends from, else that of the newest one which was
 * there when it was trained, so that a training takes no mask away; null where
 * none of them has one. What was kept aside stands in for nothing.
 */
export function shownPrediction(
  current: ModelId | null,
  models: readonly Descendant[],
  predicted: (model: ModelId) => boolean,
): ModelId | null {
  const passed = new Set<ModelId>();
  for (let id = current; id !== null && !passed.has(id);) {
    if (predicted(id)) return id;
    passed.add(id);
    const here = id;
    id = models.find((model) => model.id === here)?.parent ?? null;
  }
  const own = models.find(({ id }) => id === current);
  if (own === undefined || own.origin === 'bundled') return null;
  const before = models
    .filter(({ created, status }) => created < own.created && status.kind === 'accepted')
    .sort((a, b) => b.created.localeCompare(a.created));
  return before.find(({ id }) => predicted(id))?.id ?? null;
}

/** Slices that show an older prediction than that of the version in use, the nearest to `z` first. */
export function oldSlices(
  depth: number,
  z: number,
  isOld: (z: number) => boolean,
): readonly number[] {
  return Array.from({ length: depth }, (_, slice) => slice)
    .filter(isOld)
    .sort((a, b) => Math.abs(a - z) - Math.abs(b - z) || a - b);
}
