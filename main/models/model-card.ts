import type { ModelVersion } from '#contract/entities';
import type { ModelFile } from './model-file';

/** A version as the window and `membrana models` show it: the card without network and weights. */
export function toModelVersion(file: ModelFile): ModelVersion {
  const { training } = file;
  return {
    id: file.id,
    name: file.name,
    origin: file.origin,
    parent: file.parent,
    created: file.created,
    baseFilters: file.baseFilters,
    parameters: file.parameters,
    pixelSize: file.pixelSize,
    thresholds: file.thresholds,
    scores: file.scores,
    scoresNote: file.scoresNote,
    training:
      training === null
        ? null
        : {
            steps: training.steps,
            seconds: training.seconds,
            engine: training.engine,
            seed: training.seed,
            summary: training.summary,
            curve: thin(training.curve, 400),
            ...(training.obedience === undefined ? {} : { obedience: training.obedience }),
          },
    licence: file.licence,
    citation: file.citation,
    status: file.status,
  };
}

/** Every n-th point, and every validation point, so that a card stays small on the wire. */
function thin<Point extends { readonly validation?: number | undefined }>(
  curve: readonly Point[],
  most: number,
): Point[] {
  const every = Math.max(1, Math.ceil(curve.length / most));
  return curve.filter((point, i) => i % every === 0 || point.validation !== undefined);
}

/** The licence text of a version whose training data is the user's own. */
export const OWN_DATA = 'Set by whoever owns the training data.';
