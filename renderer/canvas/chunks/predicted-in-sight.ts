import { tileCount, tilesIn, type Rect } from '#contract/tiles';
import type { PredictedMask } from '#labels/predicted-mask';
import type { PredictedAnswer } from '../../tools/tool';
import type { SlicePicture } from '../slice-picture';

/** Where the mask is looked at. */
export interface MaskInSight {
  readonly picture: Pick<SlicePicture, 'maskTile' | 'maskTiles' | 'classTile' | 'classTiles'>;
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
  const classes = new Map<number, Uint8Array>();
  for (const { tx, ty } of tilesIn(rect, width, height)) {
    const tile = picture.maskTile(z, tx, ty);
    const own = picture.classTile(z, tx, ty);
    if (tile === undefined || own === undefined) return { kind: 'loading' };
    if (tile) tiles.set(ty * tileCount(width) + tx, tile);
    if (own) classes.set(ty * tileCount(width) + tx, own);
  }
  return answerOf(tiles, classes, width, from);
}

/** As `predictedInSight`, having waited for it. */
export async function loadPredicted(
  { picture, width, z, rect, from }: MaskInSight,
  signal: AbortSignal,
): Promise<PredictedAnswer> {
  const [tiles, classes] = await Promise.all([
    picture.maskTiles(z, rect, signal),
    picture.classTiles(z, rect, signal),
  ]);
  return answerOf(tiles, classes, width, from);
}

function answerOf(
  tiles: ReadonlyMap<number, Uint8Array>,
  classes: ReadonlyMap<number, Uint8Array>,
  width: number,
  from: number,
): PredictedAnswer {
  if (tiles.size === 0) return { kind: 'absent' };
  const mask: PredictedMask = ({ tx, ty }) => {
    const at = ty * tileCount(width) + tx;
    const membrane = tiles.get(at);
    return membrane ? { membrane, from, classes: classes.get(at) ?? null } : null;
  };
  return { kind: 'ready', mask };
}
