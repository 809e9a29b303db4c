import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import type { PixelArray } from '#volume/pixel-array';
import { greyRegion } from '../../../stacks/grey-region';
import type { StackPicture } from '../image-writer';

/**
 * A whole slice of a stack, one value a pixel, in the stack's own type.
 * @throws MembranaError stack.page-unreadable rather than zeros; file.*; AbortError
 */
export async function readGreySlice(
  picture: StackPicture,
  z: number,
  signal: AbortSignal,
): Promise<PixelArray> {
  const { width, height, meaning } = picture.info;
  const region = await picture.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
  const [bad] = region.bad;
  if (bad === undefined) return greyRegion(region, meaning).data;
  throw new MembranaError(
    'stack.page-unreadable',
    `Slice ${sliceMark(z)} of the stack can't be read: ${bad.reason}.`,
    {
      hint: 'Leave this slice out, or choose another format than OME-Zarr, which takes the stack along.',
      safe: 'Nothing was written.',
      data: { slice: z, reason: bad.reason },
    },
  );
}
