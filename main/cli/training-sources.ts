import { basename } from 'node:path';
import type { PixelSize } from '#contract/entities';
import { formatSliceRange, parseSliceRange } from '#contract/slice-range';
import { chosenChannel } from '#main/stacks/chosen-channel';
import { meaningNotes } from '#main/stacks/meaning-notes';
import { openStack } from '#main/stacks/open-stack';
import type { TrainingSource } from '../compute/requests';
import { pixelSizeOf } from '../models/pixel-size';
import { usageError, type Arguments } from './arguments';
import { labelledClasses } from './class-arguments';

/** Slices to train on and to validate on; what is not told is chosen: the last sixth validates. */
export function splitSlices(
  depth: number,
  train: string | null,
  validate: string | null,
): { readonly train: number[]; readonly validate: number[]; readonly chosen: boolean } {
  const all = Array.from({ length: depth }, (_, z) => z);
  const asked = train === null ? all : parseSliceRange(train, depth);
  if (validate === 'none') return { train: asked, validate: [], chosen: false };
  if (validate !== null) {
    const held = parseSliceRange(validate, depth);
    const rest = train === null ? asked.filter((z) => !held.includes(z)) : asked;
    const both = rest.filter((z) => held.includes(z));
    if (both.length > 0)
      throw usageError(
        `Slices ${formatSliceRange(both)} are in --train and in --validate.`,
        'train',
      );
    if (rest.length === 0) throw usageError('No slice is left to train on.', 'train');
    return { train: rest, validate: held, chosen: false };
  }
  const others = train === null ? asked : all.filter((z) => !asked.includes(z));
  const pool = others.length > 0 ? others : asked;
  const count = Math.max(1, Math.floor(pool.length / 6));
  const held = pool.length > 1 || pool !== asked ? pool.slice(-count) : [];
  return { train: asked.filter((z) => !held.includes(z)), validate: held, chosen: true };
}

export interface TrainingSources {
  readonly sources: readonly [TrainingSource, ...TrainingSource[]];
  /** The validation slices that were chosen here because nobody named any; null = all were told. */
  readonly chosen: string | null;
  /** Of the images; where they differ the size in the middle, null where one doesn't say. */
  readonly pixelSize: PixelSize | null;
  /** What should be known about how the stacks' values are read. */
  readonly notes: readonly string[];
}

/** The geometric mean, as far from the smallest as from the largest of two. */
function middleSize(sizes: readonly (PixelSize | null)[]): PixelSize | null {
  const known = sizes.filter((size) => size !== null);
  if (known.length === 0 || known.length < sizes.length) return null;
  const mean = (edge: (size: PixelSize) => number): number => {
    const [first = 0, ...others] = known.map(edge);
    if (others.every((length) => length === first)) return first;
    return Math.exp(known.reduce((sum, size) => sum + Math.log(edge(size)), 0) / known.length);
  };
  return { x: mean(({ x }) => x), y: mean(({ y }) => y), unit: 'nm' };
}

/**
 * The stacks to train on: `--image`, `--labels` and `--membrane` once a stack,
 * in the same order; `--void`, `--channel`, `--train`, `--validate` and `--share` never, once for all
 * of them, or once a stack.
 * @throws MembranaError usage, and what opening the images throws
 */
export async function trainingSources(
  args: Arguments,
  signal: AbortSignal,
): Promise<TrainingSources> {
  const images = args.all('image');
  const count = Math.max(1, images.length);
  const each = (name: string): string[] => {
    const given = args.all(name);
    if (given.length === 0) throw usageError(`--${name} is missing.`, 'train');
    if (given.length !== count)
      throw usageError(
        `--image is given ${count} times and --${name} ${given.length} times; each stack needs its own.`,
        'train',
      );
    return given;
  };
  const shared = (name: string): readonly (string | null)[] => {
    const given = args.all(name);
    if (given.length > 1 && given.length !== count)
      throw usageError(
        `--${name} is given ${given.length} times for ${count} stacks; give it once, or once a stack.`,
        'train',
      );
    return Array.from({ length: count }, (_, i) => given[given.length > 1 ? i : 0] ?? null);
  };
  const words = {
    image: each('image'),
    labels: each('labels'),
    membrane: each('membrane'),
    void: shared('void'),
    channel: shared('channel'),
    train: shared('train'),
    validate: shared('validate'),
    share: shared('share'),
  };
  const sources: TrainingSource[] = [];
  const chosen: string[] = [];
  const notes: string[] = [];
  const pixelSizes: (PixelSize | null)[] = [];
  for (let i = 0; i < count; i++) {
    const image = args.path(words.image[i] ?? '');
    const channelText = words.channel[i] ?? null;
    const channel =
      channelText === null
        ? null
        : args.asNumber('channel', channelText, { min: 0, max: 65_535, whole: true });
    const source = await openStack(image, { signal });
    const { depth, voxelSize } = source.info;
    const reference = await source.reference();
    await source.close();
    if (channel !== null) chosenChannel(source, channel);
    const labelPath = args.path(words.labels[i] ?? '');
    const labels = await openStack(labelPath, { signal });
    const labelReference = await labels.reference();
    await labels.close();
    const named = (path: string) => (note: string) => `${basename(path)}: ${note}`;
    notes.push(...meaningNotes(source.info, channel).map(named(image)));
    notes.push(...meaningNotes(labels.info).map(named(labelPath)));
    pixelSizes.push(pixelSizeOf(voxelSize));
    const split = splitSlices(depth, words.train[i] ?? null, words.validate[i] ?? null);
    if (split.chosen) chosen.push(formatSliceRange(split.validate));
    const noLabel = words.void[i] ?? null;
    const share = words.share[i] ?? null;
    const classes = await labelledClasses(args, labelReference, count, signal);
    sources.push({
      image: reference,
      ...(channel === null ? {} : { channel }),
      labels: labelReference,
      membrane: args.labelValue('membrane', words.membrane[i] ?? ''),
      void: noLabel === null ? null : args.labelValue('void', noLabel),
      ...(classes.length === 0 ? {} : { classes }),
      train: split.train,
      validate: split.validate,
      ...(share === null
        ? {}
        : { share: args.asNumber('share', share, { min: 0.001, max: 1000 }) }),
    });
  }
  const [first, ...more] = sources;
  if (first === undefined) throw usageError('--image is missing.', 'train');
  return {
    sources: [first, ...more],
    chosen: chosen.length > 0 ? chosen.join(' · ') : null,
    pixelSize: middleSize(pixelSizes),
    notes,
  };
}
