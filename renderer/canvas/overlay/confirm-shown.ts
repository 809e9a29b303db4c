import { UNTOUCHED } from '#contract/label-byte';
import { shownClass } from '#contract/mask/class-mask';
import { TILE_PIXELS, tileCount } from '#contract/tiles';
import type { SliceLabels } from '#labels/slice-labels';
import { regionBounds, type Region } from '#labels/region';
import type { SlicePicture } from '../slice-picture';

export interface ConfirmRequest {
  readonly session: SliceLabels;
  readonly picture: Pick<SlicePicture, 'maskTiles' | 'classTiles'>;
  readonly z: number;
  readonly region: Region;
  /** Membrane where a byte of the mask is at least this. */
  readonly from: number;
  readonly signal: AbortSignal;
}

/**
 * Accepts the masks of a region as they are shown: loads its full-size tiles, then
 * confirms in one go. Returns the pixels confirmed, or `no-prediction`.
 */
export async function confirmShown(request: ConfirmRequest): Promise<number | 'no-prediction'> {
  const { session, picture, z, region, from, signal } = request;
  const { width, height } = session.tiles;
  const bounds = regionBounds(region, width, height);
  const [masks, found] = await Promise.all([
    picture.maskTiles(z, bounds, signal),
    picture.classTiles(z, bounds, signal),
    session.load(z, bounds, signal),
  ]);
  signal.throwIfAborted();
  if (masks.size === 0) return 'no-prediction';
  return session.confirm(z, region, ({ tx, ty }) => {
    const at = ty * tileCount(width) + tx;
    const mask = masks.get(at);
    if (!mask) return null;
    const own = found.get(at);
    const classes = new Uint8Array(TILE_PIXELS);
    for (let i = 0; i < TILE_PIXELS; i += 1)
      classes[i] = shownClass(UNTOUCHED, (mask[i] ?? 0) >= from, own?.[i] ?? 0);
    return classes;
  });
}
