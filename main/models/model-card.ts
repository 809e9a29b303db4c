import type { ModelVersion } from '#contract/entities';
import type { ModelFile, TrainingRecord } from './model-file';

/** How a card names labels whose strokes judged a version and did not train it. */
export const HELD_BACK = 'held back, ';

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
    conditioning: file.conditioning,
    thresholds: file.thresholds,
    classes: file.classes,
    scores: file.scores,
    scoresNote: file.scoresNote,
    training:
      training === null
        ? null
        : {
            steps: training.steps,
            seconds: training.seconds,
            engine: training.engine,
            device: training.device,
            seed: training.seed,
            summary: training.summary,
            curve: thin(training.curve, 400),
            slices: file.origin === 'retrained' ? correctedSlices(training.data) : null,
            ...(training.obedience === undefined ? {} : { obedience: training.obedience }),
            ...(training.unlabelled === undefined ? {} : { unlabelled: training.unlabelled }),
          },
    licence: file.licence,
    citation: file.citation,
    status: file.status,
  };
}

/** Slices by what their labels did. A card from elsewhere may say anything: what is no slice is passed over. */
function correctedSlices(data: TrainingRecord['data']): { taught: number[]; held: number[] } {
  const of = (held: boolean): number[] =>
    data
      .filter(({ name, slices }) => name.startsWith(HELD_BACK) === held && /^\d{1,7}$/.test(slices))
      .map(({ slices }) => Number(slices))
      .sort((a, b) => a - b);
  return { taught: of(false), held: of(true) };
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
