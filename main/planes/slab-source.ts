import type { ElementType } from '#contract/entities';
import type { PlaneAxis, StackExtent } from '#contract/planes';
import type { Rect } from '#contract/tiles';
import type { Region } from '#main/stacks/stack-source';

/** Rectangles of slices that planes are put together from: one value a voxel. */
export interface SlabSource {
  readonly extent: StackExtent;
  readonly type: ElementType;
  /** How many neighbouring planes are read at once. */
  readonly band: Readonly<Record<PlaneAxis, number>>;
  /** Half of a region in each direction; without it the mean of every four values. */
  readonly halve?: (region: Region) => Region;
  /** Another number whenever what a slice holds has changed. */
  edition(z: number): number;
  /**
   * `rect` of slice `z`, which it lies in; null = the slice has nothing there (no
   * label, no prediction). What can't be read is told in `bad`.
   * @throws MembranaError file.*; AbortError
   */
  read(z: number, rect: Rect, signal: AbortSignal): Promise<Region | null>;
}
