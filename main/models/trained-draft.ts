import { basename } from 'node:path';
import type { PixelSize } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { formatSliceRange } from '#contract/slice-range';
import { stackFingerprint } from '#main/stacks/fingerprint';
import type { LabelledStacks, TrainResult } from '../compute/requests';
import { OWN_DATA } from './model-card';
import type { ModelDraft } from './model-file';

export interface TrainedFrom {
  readonly id: ModelId;
  readonly name: string;
  readonly parent: ModelId | null;
  readonly stacks: LabelledStacks;
  readonly seed: number;
  /** Of the image stack. */
  readonly pixelSize: PixelSize | null;
}

/** SHA-256 of the first and last MiB of a file, as one word for the card. */
async function fingerprintOf(path: string): Promise<string> {
  const { size, head, tail } = await stackFingerprint(path);
  return `${size}:${head}:${tail}`;
}

/** The card of a version trained from a stack and its labels. */
export async function trainedDraft(result: TrainResult, from: TrainedFrom): Promise<ModelDraft> {
  const { stacks } = from;
  const slices = formatSliceRange(stacks.train);
  const validated = stacks.validate.length > 0 ? formatSliceRange(stacks.validate) : null;
  const summary = `${result.steps} steps on slices ${slices} of ${basename(stacks.image)}`;
  return {
    id: from.id,
    name: from.name,
    origin: 'trained',
    parent: from.parent,
    created: new Date().toISOString(),
    network: result.network,
    baseFilters: result.baseFilters,
    normalisation: 'z-score-per-slice',
    pixelSize: from.pixelSize,
    thresholds: result.thresholds,
    scores: result.scores,
    scoresNote:
      validated === null
        ? 'No slices were set aside: neither scores nor thresholds are known.'
        : `Both thresholds were chosen and the scores taken on slices ${validated}, which the weights never learnt from.`,
    training: {
      steps: result.steps,
      seconds: result.seconds,
      engine: result.engine,
      device: result.device,
      seed: from.seed,
      summary,
      data: [
        { name: basename(stacks.image), fingerprint: await fingerprintOf(stacks.image), slices },
        { name: basename(stacks.labels), fingerprint: await fingerprintOf(stacks.labels), slices },
      ],
      recipe: result.recipe,
      curve: result.curve,
    },
    licence: OWN_DATA,
    citation: '',
    status: { kind: 'accepted', reason: `Trained: ${summary}.` },
  };
}
