import { intersect, type Rect } from '#contract/tiles';
import type { ChunkKey } from './chunk-source';
import type { VolumeLevel } from './volume-info';

/** A chunk that a part of a slice meets. */
export interface MetChunk {
  readonly key: ChunkKey;
  /** Where the chunk lies in the slice; the last ones reach beyond it. */
  readonly rect: Rect;
  /** The part of it that is wanted, in pixels of the slice. */
  readonly seen: Rect;
}

/** The chunks of one channel that `rect` of slice `z` meets, row by row; `rect` lies in the slice. */
export function* chunksIn(
  { halvings, chunk }: VolumeLevel,
  z: number,
  rect: Rect,
  channel: number,
): Generator<MetChunk> {
  const right = rect.x + rect.width;
  const bottom = rect.y + rect.height;
  for (let y = Math.floor(rect.y / chunk.y); y * chunk.y < bottom; y += 1)
    for (let x = Math.floor(rect.x / chunk.x); x * chunk.x < right; x += 1) {
      const place = { x: x * chunk.x, y: y * chunk.y, width: chunk.x, height: chunk.y };
      const seen = intersect(place, rect);
      if (seen === null) continue;
      const key = { level: halvings, z: Math.floor(z / chunk.z), y, x, channel };
      yield { key, rect: place, seen };
    }
}

/** One word for a key. */
export function chunkName({ level, z, y, x, channel }: ChunkKey): string {
  return `${level}/${channel}/${z}/${y}/${x}`;
}
