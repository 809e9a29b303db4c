import type { BadBlock } from '#contract/entities';
import type { Rect } from '#contract/tiles';
import type { PixelArray } from '#volume/pixel-array';

/** A region while it is being filled. */
export interface RegionTarget {
  readonly data: PixelArray;
  /** In the page, level 0. */
  readonly rect: Rect;
  readonly bad: BadBlock[];
}
