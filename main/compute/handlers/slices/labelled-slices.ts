import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import type { StackSource } from '#main/stacks/stack-source';
import { normaliseSlice } from '#model/inference/normalise';
import type { ClassPlane, TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { LabelledClass, LabelledStacks } from '../../requests';
import { breathe } from '../../serve';
import { readLabelSlice, requireSameShape, valueAbsent } from './label-slices';
import { openStacks } from './slice-pixels';
import { inputSlice, readTissueSlice } from './tissue-slice';

/** All slices of a run lie in memory: image 4, target 1, weight 1–4 bytes a pixel. */
const MOST_BYTES = 3 * 2 ** 30;
const BYTES_A_PIXEL = 9;
/** Of each further class: target and weight. */
const BYTES_A_CLASS = 5;

export interface LabelledSlices {
  readonly train: readonly TrainingSlice[];
  readonly validation: readonly ValidationSlice[];
  /** Number of each validation slice in its stack. */
  readonly validated: readonly number[];
  /** Slices without tissue, which were left out. */
  readonly empty: readonly number[];
}

export interface ReadLabelled {
  readonly group: string;
  /** Weight of every labelled pixel. */
  readonly weight: number;
  readonly signal: AbortSignal;
  /** The classes behind membrane, in the order of the network's maps; null = this stack does not label it. */
  readonly classes?: readonly (LabelledClass | null)[];
  readonly onProgress?: (done: number, total: number) => void;
}

function requireMemory(source: StackSource, slices: number, classes: number): void {
  const { width, height } = source.info;
  const each = BYTES_A_PIXEL + classes * BYTES_A_CLASS;
  const bytes = width * height * slices * each;
  if (bytes <= MOST_BYTES) return;
  const most = Math.max(1, Math.floor(MOST_BYTES / (width * height * each)));
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
  { group, weight, signal, classes = [], onProgress }: ReadLabelled,
): Promise<LabelledSlices> {
  // Asked for again wherever it is read: few stay open, and with many classes these would be closed.
  const imageStack = (): Promise<StackSource> =>
    openStacks.get(stacks.image, signal, stacks.channel ?? null);
  const labelStack = (): Promise<StackSource> => openStacks.get(stacks.labels, signal);
  const image = await imageStack();
  const labels = await labelStack();
  requireSameShape(image.info, labels.info, 'The image stack', 'the label stack');
  const total = stacks.train.length + stacks.validate.length;
  const others = await openClasses(stacks, classes, signal);
  requireMemory(image, total, others.filter((one) => one !== null).length);
  let done = 0;
  let membrane = 0;
  let interior = 0;
  const empty: number[] = [];
  const read = async (z: number): Promise<ReadSlice | null> => {
    const seen = await readTissueSlice(await imageStack(), z, signal);
    const truth = await readLabelSlice(await labelStack(), z, stacks, signal);
    requireNumbers(z, truth.notNumbers);
    done += 1;
    onProgress?.(done, total);
    await breathe(signal);
    if (seen.tissue.box === null) {
      empty.push(z);
      return null;
    }
    membrane += truth.membranePixels;
    interior += truth.target.length - truth.membranePixels;
    const { values, known, width, height } = inputSlice(seen);
    const planes: (ClassPlane | null)[] = [];
    for (const one of others) planes.push(one === null ? null : await readClass(one, z, known));
    return {
      image: normaliseSlice(values, known),
      width,
      height,
      target: truth.target,
      weight: both(truth.weight, known),
      ...(planes.length === 0 ? {} : { others: planes }),
    };
  };
  /** One class of a slice; its label stack says it everywhere but at `void`. */
  const readClass = async (
    { source, meaning, seen }: OpenClass,
    z: number,
    known: Uint8Array<ArrayBuffer> | null,
  ): Promise<ClassPlane> => {
    const truth = await readLabelSlice(await source(), z, meaning, signal);
    requireNumbers(z, truth.notNumbers);
    seen.pixels += truth.membranePixels;
    const counts = both(truth.weight, known);
    return {
      target: truth.target,
      weight: Float32Array.from(truth.target, (_, at) => ((counts?.[at] ?? 1) > 0 ? weight : 0)),
    };
  };
  const train: TrainingSlice[] = [];
  for (const z of stacks.train) {
    const slice = await read(z);
    if (slice === null) continue;
    const weights = new Float32Array(slice.target.length).fill(weight);
    slice.weight?.forEach((value, i) => {
      if (value === 0) weights[i] = 0;
    });
    train.push({ ...slice, weight: weights, group });
  }
  if (train.length === 0) throw nothingToLearn(stacks.train);
  await requireBothClasses(await labelStack(), stacks, membrane, interior, signal);
  for (const one of others)
    if (one !== null && one.seen.pixels === 0)
      throw await valueAbsent(
        await one.source(),
        stacks.train[0] ?? 0,
        one.meaning.membrane,
        `the labels that should be ${one.name}`,
        signal,
      );
  const validation: ValidationSlice[] = [];
  const validated: number[] = [];
  for (const z of stacks.validate) {
    const slice = await read(z);
    if (slice === null) continue;
    validated.push(z);
    const { weight: counts, ...dense } = slice;
    validation.push(counts === null ? dense : { ...dense, weight: counts });
  }
  return { train, validation, validated, empty };
}

interface ReadSlice {
  readonly image: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly target: Uint8Array<ArrayBuffer>;
  /** 0 where nothing is said or there is no tissue; null = everything counts. */
  readonly weight: Uint8Array<ArrayBuffer> | null;
  readonly others?: readonly (ClassPlane | null)[];
}

/** The label stack of a class, and how many of its pixels were seen. */
interface OpenClass {
  readonly name: string;
  readonly source: () => Promise<StackSource>;
  readonly meaning: { readonly membrane: number; readonly void: number | null };
  readonly seen: { pixels: number };
}

/** @throws MembranaError stack.shape-mismatch */
async function openClasses(
  stacks: LabelledStacks,
  classes: readonly (LabelledClass | null)[],
  signal: AbortSignal,
): Promise<(OpenClass | null)[]> {
  const image = await openStacks.get(stacks.image, signal, stacks.channel ?? null);
  const opened: (OpenClass | null)[] = [];
  for (const one of classes) {
    if (one === null) {
      opened.push(null);
      continue;
    }
    const { name, value } = one;
    const source = (): Promise<StackSource> => openStacks.get(one.labels, signal);
    requireSameShape(
      image.info,
      (await source()).info,
      'The image stack',
      `the label stack of ${name}`,
    );
    opened.push({
      name,
      source,
      meaning: { membrane: value, void: stacks.void },
      seen: { pixels: 0 },
    });
  }
  return opened;
}

/** What counts in both. */
function both(
  a: Uint8Array<ArrayBuffer> | null,
  b: Uint8Array<ArrayBuffer> | null,
): Uint8Array<ArrayBuffer> | null {
  if (a === null || b === null) return a ?? b;
  return a.map((value, i) => value & (b[i] ?? 0));
}

function nothingToLearn(empty: readonly number[]): MembranaError {
  return new MembranaError(
    'training.bad-input',
    'There is nothing to learn from: every slice to train on is flat or empty.',
    {
      hint: 'Choose slices that show tissue, and check that the image stack is the one that the labels were drawn on.',
      data: { slices: sliceMark(empty) },
    },
  );
}

/** A label that is no number can't be learnt; image pixels without one count as no tissue. */
function requireNumbers(z: number, pixels: number): void {
  if (pixels === 0) return;
  throw new MembranaError(
    'training.bad-input',
    `${pixels} pixels in slice ${sliceMark(z)} of the label stack hold no number (NaN or infinite).`,
    {
      hint: 'Leave this slice out, or replace those pixels in the program that made the stack (as 8 or 16 bit there can be none), then train again.',
      data: { stack: 'labels', slice: z, pixels },
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
