import type { BadBlock, ElementType, StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { Rect } from '#contract/tiles';
import type { StoredPixels } from './blocks/stored-pixels';
import { sliceMark } from '#contract/slice-marks';
import { newPixels, type PixelArray } from '#volume/pixel-array';
import type { SourceReference } from './source/source-identity';

/**
 * Pixels of a rectangle of one slice, row-major, samples interleaved
 * (`data.length = width × height × samples`). `bad` lists, in pixels of this
 * region, what could not be read: those pixels are 0 in `data` and mean
 * nothing. A region without entries in `bad` is complete.
 */
export interface Region {
  readonly type: ElementType;
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly data: PixelArray;
  readonly bad: readonly BadBlock[];
}

export type PageStateName = 'ok' | 'truncated' | 'corrupt' | 'missing';

/** `bad` is in slice pixels at level 0. */
export interface PageState {
  readonly state: PageStateName;
  readonly bad: readonly BadBlock[];
}

export interface StackSource {
  readonly info: StackInfo;
  /** Smallest rectangle that costs no more to read than a part of it: the compressed block, or 1 × 1. */
  readonly readUnit: { readonly width: number; readonly height: number };
  /** Levels that are stored and read as they are; the others are made from the one below. 0 is always one. */
  readonly levels: readonly number[];
  /**
   * Reads a rectangle of slice `z` (0-based). `rect` counts pixels of `level`
   * (each level half the size of the one below, rounded up) and is clipped to the slice.
   * @throws MembranaError stack.slice-out-of-range, stack.page-unreadable, file.changed, file.unreadable; AbortError
   */
  readRegion(z: number, rect: Rect, level: number, signal: AbortSignal): Promise<Region>;
  /**
   * Runs `use` with where the pixels of `rect` (level 0, inside the slice) lie in an
   * open file, for a worker to read. Null, without running it, where that can't be
   * said or something is wrong with them: `readRegion` tells. A source without it has none.
   * @throws MembranaError stack.slice-out-of-range, file.*; AbortError
   */
  readonly withStored?: <T>(
    z: number,
    rect: Rect,
    signal: AbortSignal,
    use: (stored: StoredPixels) => Promise<T>,
  ) => Promise<T | null>;
  /** How slice `z` reads. With `decode` every compressed block is tried, else only places and lengths are checked. */
  pageState(z: number, decode: boolean, signal: AbortSignal): Promise<PageState>;
  /** Which file this is, for another process that is to read the same one. @throws MembranaError file.changed, file.unreadable */
  reference(): Promise<SourceReference>;
  close(): Promise<void>;
}

/** The worst state of a list of bad blocks: corrupt before truncated before missing. */
export function worstState(bad: readonly BadBlock[]): PageStateName {
  for (const state of ['corrupt', 'truncated', 'missing'] as const)
    if (bad.some((block) => block.state === state)) return state;
  return 'ok';
}

/** @throws MembranaError stack.slice-out-of-range unless `z` is one of `depth` slices */
export function requireSlice(z: number, depth: number): void {
  if (Number.isInteger(z) && z >= 0 && z < depth) return;
  throw new MembranaError(
    'stack.slice-out-of-range',
    `Slice ${sliceMark(z)} is not in this stack.`,
    {
      hint: `Slices run from ${sliceMark(0)} to ${sliceMark(depth - 1)}.`,
      data: { slice: z, depth },
    },
  );
}

export function assertSlice(info: StackInfo, z: number): void {
  requireSlice(z, info.depth);
}

/** A region of which nothing can be read, for one `reason`. */
export function unreadableRegion(
  info: StackInfo,
  rect: Rect,
  state: BadBlock['state'],
  reason: string,
): Region {
  const { type, samples } = info;
  const { width, height } = rect;
  const bad: BadBlock[] = width * height > 0 ? [{ x: 0, y: 0, width, height, state, reason }] : [];
  return { type, width, height, samples, data: newPixels(type, width * height * samples), bad };
}
