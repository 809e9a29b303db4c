import { tileCount, tilesIn, type Rect } from '#contract/tiles';
import type { PredictedMembrane } from '#labels/predicted-membrane';
import type { PredictedAnswer } from '../tools/tool';
import type { SlicePicture } from './slice-picture';

/** Where the mask is looked at. */
export interface MaskInSight {
  readonly picture: Pick<SlicePicture, 'maskTile' | 'maskTiles'>;
  /** Size of the slice, pixels. */
  readonly width: number;
  readonly height: number;
  readonly z: number;
  readonly rect: Rect;
  /** Membrane where a byte of the mask is at least this. */
  readonly from: number;
}

/** The prediction in sight at full size, if all of it is here. */
export function predictedInSight({
  picture,
  width,
  height,
  z,
  rect,
  from,
}: MaskInSight): PredictedAnswer {
  const tiles = new Map<number, Uint8Array>();
  for (const { tx, ty } of tilesIn(rect, width, height)) {
    const tile = picture.maskTile(z, tx, ty);
    if (tile === undefined) return { kind: 'loading' };
    if (tile) tiles.set(ty * tileCount(width) + tx, tile);
  }
  return answerOf(tiles, width, from);
}

/** As `predictedInSight`, having waited for it. */
export async function loadPredicted(
  { picture, width, z, rect, from }: MaskInSight,
  signal: AbortSignal,
): Promise<PredictedAnswer> {
  return answerOf(await picture.maskTiles(z, rect, signal), width, from);
}

function answerOf(
  tiles: ReadonlyMap<number, Uint8Array>,
  width: number,
  from: number,
): PredictedAnswer {
  if (tiles.size === 0) return { kind: 'absent' };
  const membrane: PredictedMembrane = {
    from,
    probabilities: ({ tx, ty }) => tiles.get(ty * tileCount(width) + tx) ?? null,
  };
  return { kind: 'ready', membrane };
}
