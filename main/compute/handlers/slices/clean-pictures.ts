import { MembranaError } from '#contract/errors';
import type { Engine } from '#model/engines/engine';
import { normaliseSlice } from '#model/inference/normalise';
import { SlicePredictor } from '#model/inference/predictor';
import { nearestIndices, resampled } from '#model/inference/resample';
import type { TrainingSlice } from '#model/training/training-slice';
import type { CleanPictures } from '../../requests';
import { readLabelledStacks } from './labelled-slices';
import type { LoadedNetwork } from '../loaded-network';
import { networkGrid } from './network-grid';
import { openStacks } from './slice-pixels';
import { inputSlice, readTissueSlice } from './tissue-slice';

export interface ReadClean {
  readonly start: LoadedNetwork;
  readonly engine: Engine;
  readonly group: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Slices that show no tissue. */
  readonly onLeftOut?: (slices: readonly number[]) => void;
}

/**
 * Clean pictures on the network's grid with what they are to teach: the
 * expert's labels, each pixel counting 1, or where there are none the starting
 * model's own map of the clean picture (as good a target: hard look of VNC,
 * V_Info 0.951 beside 0.951 and 0.950 with the expert's), unsure pixels left out.
 * @throws MembranaError as `readLabelledStacks`, and what opening the stacks throws
 */
export async function readCleanPictures(
  pictures: CleanPictures,
  how: ReadClean,
): Promise<TrainingSlice[]> {
  const { image, channel, slices, labels, pixelSize } = pictures;
  const { group, signal, start, onProgress, onLeftOut } = how;
  if (labels === null) return ownTargets(await unlabelled(pictures, how), how);
  const { stack, ...meaning } = labels;
  const stacks = { image, labels: stack, ...meaning, train: slices, validate: [] };
  const { train, empty } = await readLabelledStacks(
    channel === undefined ? stacks : { ...stacks, channel },
    { group, weight: 1, signal, ...(onProgress === undefined ? {} : { onProgress }) },
  );
  if (empty.length > 0) onLeftOut?.(empty);
  return train.map((slice) => onModelGrid(slice, pixelSize, start));
}

/** A labelled slice on the grid of a model of another pixel size: each label that of the nearest pixel. */
export function onModelGrid(
  slice: TrainingSlice,
  pixelSize: CleanPictures['pixelSize'],
  { file }: Pick<LoadedNetwork, 'file'>,
): TrainingSlice {
  const { width, height, image, target, weight } = slice;
  const { network } = networkGrid({ width, height }, pixelSize, file.pixelSize);
  if (network.width === width && network.height === height) return slice;
  const indices = nearestIndices({ width, height }, network);
  return {
    ...slice,
    ...network,
    image: normaliseSlice(resampled({ values: image, width, height }, network).values),
    target: Uint8Array.from(indices, (from) => target[from] ?? 0),
    weight: Float32Array.from(indices, (from) => weight[from] ?? 0),
  };
}

async function unlabelled(
  { image, channel, slices, pixelSize }: CleanPictures,
  { group, signal, start, onProgress, onLeftOut }: ReadClean,
): Promise<TrainingSlice[]> {
  const source = await openStacks.get(image, signal, channel ?? null);
  const read: TrainingSlice[] = [];
  const empty: number[] = [];
  for (const [i, z] of slices.entries()) {
    const seen = await readTissueSlice(source, z, signal);
    onProgress?.(i + 1, slices.length);
    if (seen.tissue.box === null) {
      empty.push(z);
      continue;
    }
    const { values, known, width, height } = inputSlice(seen);
    const slice = {
      image: normaliseSlice(values, known),
      width,
      height,
      target: new Uint8Array(width * height),
      weight: Float32Array.from(values, (_, at) => known?.[at] ?? 1),
      group,
    };
    read.push(onModelGrid(slice, pixelSize, start));
  }
  if (empty.length > 0) onLeftOut?.(empty);
  return read;
}

async function ownTargets(
  slices: readonly TrainingSlice[],
  { start, engine, signal }: ReadClean,
): Promise<TrainingSlice[]> {
  const { topology, pixel } = start.file.thresholds;
  const [low, high] = [Math.min(topology, pixel), Math.max(topology, pixel)];
  const predictor = new SlicePredictor(engine, start.network, start.weights);
  try {
    const taught: TrainingSlice[] = [];
    for (const slice of slices) {
      const map = await predictor.predict(slice, { signal });
      const target = Uint8Array.from(map, (value) => (value >= high ? 1 : 0));
      // Between its two thresholds the model says one thing of cells and another of pixels.
      const weight = Float32Array.from(slice.weight, (value, at) =>
        (map[at] ?? 0) >= low && (map[at] ?? 0) < high ? 0 : value,
      );
      taught.push({ ...slice, target, weight });
    }
    requireBoth(taught);
    return taught;
  } finally {
    predictor.dispose();
  }
}

/** A map without membrane, or of nothing else, teaches nothing. */
function requireBoth(slices: readonly TrainingSlice[]): void {
  const shows = (value: 0 | 1): boolean =>
    slices.some(({ target, weight }) =>
      target.some((label, at) => label === value && (weight[at] ?? 0) > 0),
    );
  if (slices.length === 0 || (shows(0) && shows(1))) return;
  throw new MembranaError(
    'training.bad-input',
    `The model sees ${shows(1) ? 'nothing but' : 'no'} membrane in the clean pictures, so its own map can't be learnt.`,
    { hint: 'Give pictures that the model knows, or pictures with labels.' },
  );
}
