import type { Conditioning, PixelSize } from '#contract/entities';
import { formatPixelSize } from '#main/models/pixel-size';
import { conditionSlice } from '#model/inference/condition';
import type { NormalisedSlice } from '#model/inference/predictor';
import { nearestIndices, resampled, type Size } from '#model/inference/resample';
import type { Resampled } from '../../requests';
import type { InputSlice } from './tissue-slice';

/**
 * How much finer or coarser than the model's a stack's pixels may be before it
 * is resampled for the network. Measured with isbi-base8 (4 nm) on VNC brought
 * to other pixel sizes (`bench/pixel-size`), best V_Info and Dice as it is →
 * resampled: 3.4 nm 0.977 → 0.985, 0.740 → 0.779; 3.7 nm 0.982 → 0.985, 0.762
 * → 0.779; 4.6 nm (its own) 0.986 → 0.986, 0.801 → 0.782; 5.5 nm 0.987 →
 * 0.983, 0.809 → 0.778; 6.5 nm 0.982 → 0.984, 0.800 → 0.779; 8 nm 0.954 →
 * 0.982, 0.761 → 0.778. So finer pixels hurt soon and coarser ones late.
 */
const finest = 0.88;
const coarsest = 1.6;
/** Beyond this one of the two sizes is more likely wrong than right. */
const believable = 8;
/** Pixels of a slice at the network's grid, as many as one may have at its own. */
const mostPixels = 400_000_000;

/** The grid of a stack's slices, and the one that the network sees them on. */
export interface NetworkGrid {
  readonly stack: Size;
  readonly network: Size;
  readonly resampled: Resampled | null;
  /** What the user should know about it; empty = nothing. */
  readonly note: string;
}

/**
 * `known` is the stack's pixel size (null = not known or not to be looked at)
 * and `said` the model's (null = the card doesn't say); `scale` is the
 * conditioning's.
 */
export function networkGrid(
  size: Size,
  known: PixelSize | null,
  said: PixelSize | null,
  scale = 1,
): NetworkGrid {
  const same: NetworkGrid = { stack: size, network: size, resampled: null, note: '' };
  if (scale === 1 && (known === null || said === null)) return same;
  // What is not known counts as the other's; where neither is, only the scale says anything.
  const model: PixelSize = said ?? known ?? { x: 1, y: 1, unit: 'nm' };
  const own = known ?? model;
  const stack: PixelSize = { ...own, x: own.x * scale, y: own.y * scale };
  const ratios = [stack.x / model.x, stack.y / model.y];
  if (scale === 1 && ratios.every((ratio) => ratio >= finest && ratio <= coarsest)) return same;
  const network = {
    width: Math.max(1, Math.round((size.width * stack.x) / model.x)),
    height: Math.max(1, Math.round((size.height * stack.y) / model.y)),
  };
  const sizes = `Pixels of ${formatPixelSize(stack)}, the model's are ${formatPixelSize(model)}`;
  if (ratios.some((ratio) => ratio > believable || ratio < 1 / believable))
    return { ...same, note: `${sizes}: too different to resample, used as they are` };
  if (network.width * network.height > mostPixels)
    return { ...same, note: `${sizes}: too large to resample, used as they are` };
  return {
    stack: size,
    network,
    resampled: { from: stack, to: model },
    note: `${sizes}: resampled for the network and back`,
  };
}

/** Grey values of the stack as the network sees them; what is not `known` counts in no mean and deviation. */
export function toNetwork(
  grid: NetworkGrid,
  { values, known }: Pick<InputSlice, 'values' | 'known'>,
  conditioning: Conditioning,
): NormalisedSlice {
  const { stack, network } = grid;
  const { width, height } = network;
  const picture = resampled({ values, ...stack }, network);
  const counted = knownOnNetwork(grid, known);
  return {
    image: conditionSlice(picture.values, counted, width, height, conditioning),
    ...network,
  };
}

/** Values that must not be mixed, each that of the nearest pixel. */
function onGrid(values: Uint8Array<ArrayBuffer>, from: Size, to: Size): Uint8Array<ArrayBuffer> {
  if (from.width === to.width && from.height === to.height) return values;
  return Uint8Array.from(nearestIndices(from, to), (source) => values[source] ?? 0);
}

/** A map of the network on the stack's grid. */
export function toStack(
  { stack, network }: NetworkGrid,
  map: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  return resampled({ values: map, ...network }, stack).values;
}

/** Label bytes of the stack on the network's grid: each that of the nearest pixel. */
export function labelsToNetwork(
  { stack, network }: NetworkGrid,
  labels: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return onGrid(labels, stack, network);
}

/** Where the network's picture holds the slice's own tissue; null = everywhere. */
export function knownOnNetwork(
  { stack, network }: NetworkGrid,
  known: Uint8Array<ArrayBuffer> | null,
): Uint8Array<ArrayBuffer> | null {
  return known === null ? null : onGrid(known, stack, network);
}
