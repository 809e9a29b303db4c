import { basename } from 'node:path';
import type { Conditioning } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { formatSliceRange } from '#contract/slice-range';
import { fingerprintWord, stackFingerprint } from '#main/stacks/fingerprint';
import type { CleanPictures, TrainResult } from '../compute/requests';
import type { ModelDraft, ModelFile } from './model-file';

export interface FittedFrom {
  readonly id: ModelId;
  readonly name: string;
  readonly parent: ModelFile;
  /** The stack by its file's name, as it is segmented. */
  readonly stack: string;
  readonly conditioning: Conditioning;
  readonly pictures: readonly CleanPictures[];
  /** What the pictures' makers are owed; null = they are the user's own. `mark` tells whether the parent says it already. */
  readonly credit: {
    readonly mark: string;
    readonly licence: string;
    readonly citation: string;
  } | null;
  readonly seed: number;
  readonly status: ModelFile['status'];
}

/** "Fitted to stack.tif, no labels: 120 steps on 10 labelled crops of other tissue in its look". */
export function fitSummary(
  stack: string,
  { steps, fitted }: Pick<TrainResult, 'steps' | 'fitted'>,
  pictures: readonly CleanPictures[],
): string {
  const count = fitted?.pictures ?? 0;
  const labelled = pictures.every(({ labels }) => labels !== null);
  const what = `${labelled ? 'labelled ' : ''}${count === 1 ? 'picture' : 'pictures'}`;
  return `Fitted to ${stack}, no labels: ${String(steps)} steps on ${String(count)} ${what} of other tissue in its look`;
}

/** The card of a version that was fitted to a stack. */
export async function fittedDraft(result: TrainResult, from: FittedFrom): Promise<ModelDraft> {
  const { parent, pictures, stack } = from;
  const credit =
    from.credit !== null && !parent.citation.includes(from.credit.mark) ? from.credit : null;
  const also = (text: string, more: string | undefined): string =>
    [text, more ?? ''].filter((part) => part !== '').join(' ');
  const data: NonNullable<ModelDraft['training']>['data'] = [];
  for (const { image, labels, slices } of pictures)
    for (const path of [image.path, ...(labels === null ? [] : [labels.stack.path])])
      data.push({
        name: basename(path),
        fingerprint: fingerprintWord(await stackFingerprint(path)),
        slices: formatSliceRange(slices),
      });
  return {
    id: from.id,
    name: from.name,
    origin: 'fitted',
    parent: parent.id,
    created: new Date().toISOString(),
    network: result.network,
    baseFilters: result.baseFilters,
    normalisation: parent.normalisation,
    // Pictures and stack were brought to it, so it stays what it was.
    pixelSize: parent.pixelSize,
    conditioning: from.conditioning,
    thresholds: result.thresholds,
    classes: result.classes,
    scores: null,
    scoresNote: `Nothing of ${stack} is labelled, so nothing says how many membranes it gets right; thresholds are those of ${parent.name}.`,
    training: {
      steps: result.steps,
      seconds: result.seconds,
      engine: result.engine,
      device: result.device,
      seed: from.seed,
      summary: fitSummary(stack, result, pictures),
      data,
      recipe: result.recipe,
      curve: result.curve,
    },
    licence: also(parent.licence, credit?.licence),
    citation: also(parent.citation, credit?.citation),
    status: from.status,
  };
}
