import type { ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { DEFAULT_MODEL } from './default-model';

/** The model to segment with: the project's choice, else the default of new projects, else the newest accepted one that came with the app. */
export function modelInUse(
  chosen: ModelId | null,
  models: readonly ModelVersion[],
): ModelId | null {
  if (models.some(({ id }) => id === chosen)) return chosen;
  const fit = models.filter(({ status }) => status.kind === 'accepted');
  const usual = fit.find(({ id, origin }) => id === DEFAULT_MODEL && origin === 'bundled');
  return (usual ?? fit.findLast(({ origin }) => origin === 'bundled') ?? fit.at(-1))?.id ?? null;
}
