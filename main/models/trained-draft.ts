import { basename } from 'node:path';
import type { PixelSize } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { formatSliceRange } from '#contract/slice-range';
import { sliceMark } from '#contract/slice-marks';
import { fingerprintWord, stackFingerprint } from '#main/stacks/fingerprint';
import type { LabelledStacks, TrainResult } from '../compute/requests';
import { OWN_DATA } from './model-card';
import type { ModelDraft } from './model-file';

export interface TrainedFrom {
  readonly id: ModelId;
  readonly name: string;
  readonly parent: ModelId | null;
  readonly sources: readonly LabelledStacks[];
  readonly seed: number;
  /** Of the image stack. */
  readonly pixelSize: PixelSize | null;
}

/** SHA-256 of the first and last MiB of a file, as one word for the card. */
async function fingerprintOf(path: string): Promise<string> {
  return fingerprintWord(await stackFingerprint(path));
}

interface Described {
  readonly summary: string;
  readonly scoresNote: string;
  readonly data: { readonly name: string; readonly fingerprint: string; readonly slices: string }[];
}

async function describe(
  result: TrainResult,
  sources: readonly LabelledStacks[],
): Promise<Described> {
  const learnt: string[] = [];
  const held: string[] = [];
  const data: Described['data'] = [];
  for (const { image, labels, classes = [], train, validate } of sources) {
    const name = basename(image.path);
    const slices = formatSliceRange(train);
    learnt.push(`${sliceMark(train)} of ${name}`);
    if (validate.length > 0)
      held.push(sliceMark(validate) + (sources.length > 1 ? ` of ${name}` : ''));
    const paths = [image, labels, ...classes.map((one) => one.labels)].map(({ path }) => path);
    for (const path of new Set(paths))
      data.push({ name: basename(path), fingerprint: await fingerprintOf(path), slices });
  }
  return {
    summary: `${result.steps} steps on slices ${learnt.join(' and ')}`,
    scoresNote:
      held.length === 0
        ? 'No slices were set aside: neither scores nor thresholds are known.'
        : `Both thresholds were chosen and the scores taken on slices ${held.join(' and ')}, which the weights never learnt from.`,
    data,
  };
}

/** The card of a version trained from image stacks and their labels. */
export async function trainedDraft(result: TrainResult, from: TrainedFrom): Promise<ModelDraft> {
  const { summary, scoresNote, data } = await describe(result, from.sources);
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
    conditioning: null,
    thresholds: result.thresholds,
    classes: result.classes,
    scores: result.scores,
    scoresNote,
    training: {
      steps: result.steps,
      seconds: result.seconds,
      engine: result.engine,
      device: result.device,
      seed: from.seed,
      summary,
      data,
      recipe: result.recipe,
      curve: result.curve,
    },
    licence: OWN_DATA,
    citation: '',
    status: { kind: 'accepted', reason: `Trained: ${summary}.` },
  };
}
