import { MembranaError } from '#contract/errors';
import type { Rect } from '#contract/tiles';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { openStacks } from './slice-pixels';
import { inputSlice, readTissueSlice, type InputSlice } from './tissue-slice';

/** A slice, or the middle of a large one, that is looked at in place of the whole stack. */
export interface SampledSlice extends InputSlice {
  readonly z: number;
}

/** Slices around a wanted one that are tried where it shows nothing or can't be read. */
const TRIES = 5;
/** A slice with less tissue than this share says little. */
const LEAST_TISSUE = 0.05;

/** `count` slices spread over a stack, in the middles of as many parts of it; all of a smaller stack. */
export function spreadIndices(depth: number, count: number): readonly number[] {
  const parts = Math.min(count, depth);
  return Array.from({ length: parts }, (_, i) =>
    Math.min(depth - 1, Math.floor(((i + 0.5) * depth) / parts)),
  );
}

/** The slices to try for a wanted one: it, then its neighbours, nearest first. */
function around(z: number, depth: number): readonly number[] {
  const order = [z];
  for (let step = 1; order.length < TRIES && step < depth; step += 1)
    for (const other of [z + step, z - step])
      if (other >= 0 && other < depth && order.length < TRIES) order.push(other);
  return order;
}

/** The middle of a rectangle, at most `side` long each way. */
function middleOf({ x, y, width, height }: Rect, side: number): Rect {
  const wide = Math.min(width, side);
  const high = Math.min(height, side);
  return {
    x: x + Math.floor((width - wide) / 2),
    y: y + Math.floor((height - high) / 2),
    width: wide,
    height: high,
  };
}

/**
 * Tissue of a few slices spread over a stack, at most `side` pixels each way;
 * blank and unreadable slices give way to neighbours. Empty where there is
 * nothing to look at.
 * @throws MembranaError file.changed, engine.out-of-memory
 */
export async function sampleSlices(
  { stack, channel }: { readonly stack: SourceReference; readonly channel: number | null },
  { count, side }: { readonly count: number; readonly side: number },
  signal: AbortSignal,
): Promise<readonly SampledSlice[]> {
  const source = await openStacks.get(stack, signal, channel);
  const { depth } = source.info;
  const sampled: SampledSlice[] = [];
  for (const wanted of spreadIndices(depth, count)) {
    for (const z of around(wanted, depth)) {
      signal.throwIfAborted();
      if (sampled.some((one) => one.z === z)) continue;
      try {
        const read = await readTissueSlice(source, z, signal);
        const { box, share } = read.tissue;
        if (box === null || share < LEAST_TISSUE) continue;
        sampled.push({ z, ...inputSlice(read, middleOf(box, side)) });
        break;
      } catch (error) {
        if (!(error instanceof MembranaError) || error.code !== 'stack.page-unreadable')
          throw error;
      }
    }
  }
  return sampled;
}
