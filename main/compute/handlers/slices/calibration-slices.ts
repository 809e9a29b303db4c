import { MembranaError } from '#contract/errors';
import type { Conditioning, PixelSize } from '#contract/entities';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { NormalisedSlice } from '#model/inference/predictor';
import { networkGrid, toNetwork } from './network-grid';
import { openStacks } from './slice-pixels';
import { inputSlice, readTissueSlice } from './tissue-slice';

/** Slices of a stack that 8-bit inference is calibrated on: few, because each is computed in float first. */
const most = 3;

/** First, middle and last slice, as far as there are so many. */
export function calibrationIndices(depth: number): readonly number[] {
  const count = Math.min(most, depth);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (depth - 1)) / (count - 1)),
  );
}

/**
 * The slices that 8-bit inference is calibrated on, as the network sees them:
 * those of the stack and not the one to be predicted, so that a map doesn't
 * depend on what was asked for first. Unreadable and empty ones are left out; where none
 * is left, `instead` serves.
 * @throws MembranaError engine.out-of-memory
 */
export async function calibrationSlices(
  { stack, channel }: { readonly stack: SourceReference; readonly channel: number | null },
  pixels: {
    readonly stack: PixelSize | null;
    readonly model: PixelSize | null;
    readonly conditioning: Conditioning;
  },
  instead: NormalisedSlice,
  signal: AbortSignal,
): Promise<readonly NormalisedSlice[]> {
  const source = await openStacks.get(stack, signal, channel);
  const { depth } = source.info;
  const slices: NormalisedSlice[] = [];
  for (const z of calibrationIndices(depth)) {
    try {
      const read = await readTissueSlice(source, z, signal);
      const { box } = read.tissue;
      if (box === null) continue;
      const grid = networkGrid(box, pixels.stack, pixels.model, pixels.conditioning.scale);
      slices.push(toNetwork(grid, inputSlice(read, box), pixels.conditioning));
    } catch (error) {
      if (!(error instanceof MembranaError) || error.code !== 'stack.page-unreadable') throw error;
    }
  }
  return slices.length > 0 ? slices : [instead];
}
