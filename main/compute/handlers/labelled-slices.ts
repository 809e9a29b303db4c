import { MembranaError } from '#contract/errors';
import type { StackSource } from '#main/stacks/stack-source';
import { normaliseSlice } from '#model/inference/normalise';
import type { TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { LabelledStacks } from '../requests';
import { breathe } from '../serve';
import { readLabelSlice, requireSameShape, valueAbsent } from './label-slices';
import { openStacks, readGreySlice } from './slice-pixels';

/** All slices of a run lie in memory: image 4, target 1, weight 1–4 bytes a pixel. */
const MOST_BYTES = 3 * 2 ** 30;
const BYTES_A_PIXEL = 9;

export interface LabelledSlices {
  readonly train: readonly TrainingSlice[];
  readonly validation: readonly ValidationSlice[];
}

export interface ReadLabelled {
  readonly group: string;
  /** Weight of every labelled pixel. */
  readonly weight: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

function requireMemory(source: StackSource, slices: number): void {
  const { width, height } = source.info;
  const bytes = width * height * slices * BYTES_A_PIXEL;
  if (bytes <= MOST_BYTES) return;
  const most = Math.max(1, Math.floor(MOST_BYTES / (width * height * BYTES_A_PIXEL)));
  throw new MembranaError(
    'engine.out-of-memory',
    `${slices} slices of ${width} × ${height} pixels do not fit into memory for training.`,
    {
      hint: `Choose at most ${most} slices; a few well-labelled ones teach nearly as much.`,
      data: { slices, most },
    },
  );
}

/**
 * Reads slices and their labels for training.
 * @throws MembranaError stack.shape-mismatch, training.bad-input, labels.value-absent, labels.one-class, engine.out-of-memory
 */
export async function readLabelledStacks(
  stacks: LabelledStacks,
  { group, weight, signal, onProgress }: ReadLabelled,
): Promise<LabelledSlices> {
  const image = await openStacks.get(stacks.image, signal);
  const labels = await openStacks.get(stacks.labels, signal);
  requireSameShape(image.info, labels.info, 'The image stack', 'the label stack');
  const total = stacks.train.length + stacks.validate.length;
  requireMemory(image, total);
  let done = 0;
  let membrane = 0;
  let others = 0;
  const read = async (z: number) => {
    const grey = await readGreySlice(image, z, signal);
    const truth = await readLabelSlice(labels, z, stacks, signal);
    requireNumbers('image', z, notNumbersIn(grey.values));
    requireNumbers('labels', z, truth.notNumbers);
    membrane += truth.membranePixels;
    others += truth.target.length - truth.membranePixels;
    done += 1;
    onProgress?.(done, total);
    await breathe(signal);
    const { width, height } = grey;
    return { image: normaliseSlice(grey.values), width, height, truth };
  };
  const train: TrainingSlice[] = [];
  for (const z of stacks.train) {
    const { truth, ...slice } = await read(z);
    const weights = new Float32Array(truth.target.length).fill(weight);
    truth.weight?.forEach((value, i) => {
      if (value === 0) weights[i] = 0;
    });
    train.push({ ...slice, target: truth.target, weight: weights, group });
  }
  await requireBothClasses(labels, stacks, membrane, others, signal);
  const validation: ValidationSlice[] = [];
  for (const z of stacks.validate) {
    const { truth, ...slice } = await read(z);
    validation.push({
      ...slice,
      target: truth.target,
      ...(truth.weight === null ? {} : { weight: truth.weight }),
    });
  }
  return { train, validation };
}

const notNumbersIn = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);

/** Segmenting takes such pixels for mean grey; a network must not learn from them. */
function requireNumbers(stack: 'image' | 'labels', z: number, pixels: number): void {
  if (pixels === 0) return;
  throw new MembranaError(
    'training.bad-input',
    `${pixels} pixels in slice ${z} of the ${stack === 'image' ? 'image stack' : 'label stack'} hold no number (NaN or infinite).`,
    {
      hint: 'Leave this slice out, or replace those pixels in the program that made the stack (as 8 or 16 bit there can be none), then train again.',
      data: { stack, slice: z, pixels },
    },
  );
}

async function requireBothClasses(
  labels: StackSource,
  stacks: LabelledStacks,
  membrane: number,
  others: number,
  signal: AbortSignal,
): Promise<void> {
  const value = stacks.membrane;
  if (membrane === 0)
    throw await valueAbsent(labels, stacks.train[0] ?? 0, value, 'the labels', signal);
  if (others === 0) {
    throw new MembranaError(
      'labels.one-class',
      `Every pixel of the labels has the value ${value}.`,
      {
        hint: 'Use slices whose labels show both membrane and cell interior.',
        data: { value },
      },
    );
  }
}
