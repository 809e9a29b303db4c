import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import type { Rect } from '#contract/tiles';
import type { Tissue } from '#main/stacks/tissue/tissue';
import { normaliseSlice } from '#model/inference/normalise';
import { resampled } from '#model/inference/resample';
import type { SeenPicture } from '#model/training/look/spectrum';
import type { LookedAt } from '../../requests';
import type { LoadedNetwork } from '../loaded-network';
import { knownOnNetwork, networkGrid } from './network-grid';
import { inputSlice, tissueSliceOf } from './tissue-slice';

/** A part of a slice on the network's grid, dark membranes, not conditioned yet. */
export interface StackPicture extends SeenPicture {
  readonly z: number;
}

/** Three slices tell a look and the flips apart from their noise; more cost time. */
const SLICES = 3;
/** Side of the part of a slice that is looked at, in pixels of the stack. */
const MOST_SIDE = 1024;

/**
 * Parts of the first slices of `slices` that can be read and show tissue, as
 * the network would see them but for the conditioning's filters.
 * @throws MembranaError training.bad-input where none does, what opening the stack throws
 */
export async function stackPictures(
  { stack, channel, pixelSize, conditioning, slices }: LookedAt,
  { file }: Pick<LoadedNetwork, 'file'>,
  { signal, note }: { readonly signal: AbortSignal; readonly note: (text: string) => void },
): Promise<StackPicture[]> {
  const pictures: StackPicture[] = [];
  for (const z of slices) {
    if (pictures.length === SLICES) break;
    note(`Looking at slice ${sliceMark(z)}`);
    const read = await tissueSliceOf(stack, z, signal, channel ?? null).catch(unlessUnreadable);
    if (read?.tissue.box == null) continue;
    const part = fullestPart(read.tissue, read.tissue.box);
    const { values, known } = inputSlice(read, part);
    const grid = networkGrid(part, pixelSize, file.pixelSize, conditioning.scale);
    const { values: seen, ...size } = resampled(
      { values, width: part.width, height: part.height },
      grid.network,
    );
    const onGrid = knownOnNetwork(grid, known);
    const image = normaliseSlice(seen, onGrid);
    if (conditioning.inverted)
      for (let i = 0; i < image.length; i += 1) image[i] = -(image[i] ?? 0);
    pictures.push({ z, image, known: onGrid, ...size });
  }
  if (pictures.length > 0) return pictures;
  throw new MembranaError(
    'training.bad-input',
    'There is nothing to fit the model to: none of the slices shows tissue.',
    {
      hint: 'Check that this is the right stack, and that its slices can be seen.',
      data: { slices: sliceMark(slices) },
    },
  );
}

function unlessUnreadable(error: unknown): null {
  if (error instanceof MembranaError && error.code === 'stack.page-unreadable') return null;
  throw error;
}

/** Of nine places in the tissue's box the one with most tissue; the middle where they are alike. */
function fullestPart({ marks, width }: Tissue, box: Rect): Rect {
  const size = {
    width: Math.min(box.width, MOST_SIDE),
    height: Math.min(box.height, MOST_SIDE),
  };
  const places = [0.5, 0, 1].flatMap((down) =>
    [0.5, 0, 1].map((right) => ({
      x: box.x + Math.floor(right * (box.width - size.width)),
      y: box.y + Math.floor(down * (box.height - size.height)),
      ...size,
    })),
  );
  const [middle = box] = places;
  if (marks === null) return middle;
  const tissueOf = (part: Rect): number => {
    let count = 0;
    for (let y = part.y; y < part.y + part.height; y += 1)
      for (let x = part.x; x < part.x + part.width; x += 1)
        if (marks[y * width + x] === 1) count += 1;
    return count;
  };
  let best = { part: middle, tissue: tissueOf(middle) };
  for (const part of places.slice(1)) {
    const tissue = tissueOf(part);
    if (tissue > best.tissue) best = { part, tissue };
  }
  return best.part;
}
