import { tileCount, tilesIn, type Rect } from '#contract/tiles';
import type { PredictedMembrane } from '#labels/predicted-membrane';
import type { PredictedAnswer } from '../tools/tool';
import { membraneFrom } from './overlay-look';
import type { SlicePicture } from './slice-picture';

/** Where the mask is looked at. */
export interface MaskInSight {
  readonly picture: Pick<SlicePicture, 'probabilityTile' | 'probabilities'>;
  /** Size of the slice, pixels. */
  readonly width: number;
  readonly height: number;
  readonly z: number;
  readonly rect: Rect;
  /** Membrane from this probability (0…1) on. */
  readonly threshold: number;
}

/** The prediction in sight at full size, if all of it is here. */
export function predictedInSight({
  picture,
  width,
  height,
  z,
  rect,
  threshold,
}: MaskInSight): PredictedAnswer {
  const tiles = new Map<number, Uint8Array>();
  for (const { tx, ty } of tilesIn(rect, width, height)) {
    const tile = picture.probabilityTile(z, tx, ty);
    if (tile === undefined) return { kind: 'loading' };
    if (tile) tiles.set(ty * tileCount(width) + tx, tile);
  }
  return answerOf(tiles, width, threshold);
}

/** As `predictedInSight`, having waited for it. */
export async function loadPredicted(
  { picture, width, z, rect, threshold }: MaskInSight,
  signal: AbortSignal,
): Promise<PredictedAnswer> {
  return answerOf(await picture.probabilities(z, rect, signal), width, threshold);
}

function answerOf(
  tiles: ReadonlyMap<number, Uint8Array>,
  width: number,
  threshold: number,
): PredictedAnswer {
  if (tiles.size === 0) return { kind: 'absent' };
  const membrane: PredictedMembrane = {
    from: membraneFrom(threshold),
    probabilities: ({ tx, ty }) => tiles.get(ty * tileCount(width) + tx) ?? null,
  };
  return { kind: 'ready', membrane };
}
