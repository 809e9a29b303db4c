import type { StackId } from '#contract/ids';
import type { SliceLayer } from '#contract/pixel-port';
import type { MapLayer, SliceRequest } from '#contract/slice-url';
import { TILE_PIXELS, tilesOf } from '#contract/tiles';
import type { PredictionStore } from '#main/project/predictions/prediction-store';
import { sharedDecodePool } from '#main/stacks/decode-pool';
import type { Session } from './session';
import type { StackView } from './stack-view';

type FromFile = <T>(stack: StackId, read: (view: StackView) => Promise<T>) => Promise<T>;

/**
 * The layers of a part of a slice, all made at the same time by the decode pool:
 * raw values first where they are wanted, then each map; null = there is no such map.
 */
export async function sliceLayers(
  { stack, z, level, block, raw, maps }: SliceRequest,
  session: Session,
  fromFile: FromFile,
  signal: AbortSignal,
): Promise<(SliceLayer | null)[]> {
  const { predictions } = session.projectOf(stack).project;
  const values = raw ? [fromFile(stack, (view) => view.blocks.block(z, level, block, signal))] : [];
  const others = maps.map((map) =>
    mapLayer(predictions, { ...map, z, level, tiles: tilesOf(block) }, signal),
  );
  return Promise.all([...values, ...others]);
}

async function mapLayer(
  predictions: PredictionStore,
  wanted: MapLayer & {
    readonly z: number;
    readonly level: number;
    readonly tiles: ReturnType<typeof tilesOf>;
  },
  signal: AbortSignal,
): Promise<SliceLayer | null> {
  const { model, class: id, z, level, tiles } = wanted;
  const streams = await predictions.streams(model, z, level, tiles, id);
  signal.throwIfAborted();
  const known = streams && (await sharedDecodePool().inflate(streams, signal));
  if (known !== null) return { element: 'uint8', bytes: known };
  // Absent, or damaged: one tile after the other says which, and leaves the map out.
  const bytes = new Uint8Array(tiles.length * TILE_PIXELS);
  for (const [index, { tx, ty }] of tiles.entries()) {
    const tile = await predictions.tile(model, z, level, tx, ty, id);
    if (tile === null) return null;
    bytes.set(tile, index * TILE_PIXELS);
  }
  return { element: 'uint8', bytes };
}
