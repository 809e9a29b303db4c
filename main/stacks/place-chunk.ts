import type { BadBlock } from '#contract/entities';
import type { Rect } from '#contract/tiles';
import type { MetChunk } from '#volume/chunk-grid';
import type { Chunk } from '#volume/chunk-source';
import { bytesOf, copyRows, interleave, type PixelArray } from '#volume/pixel-array';
import type { Region } from './stack-source';

/** Where in a region a chunk goes. */
export interface ChunkTarget {
  /** The region, in pixels of its slice. */
  readonly rect: Rect;
  /** Values a pixel of the region: those of every channel. */
  readonly samples: number;
  readonly channels: number;
  /** Which slice of the chunk is wanted. */
  readonly plane: number;
}

/** Copies what a region shows of a chunk; returns what of it can't be had, in pixels of the region. */
export function placeChunk(
  { pixels, problem }: Chunk,
  { key, rect: place, seen }: MetChunk,
  data: PixelArray,
  { rect, samples, channels, plane }: ChunkTarget,
): BadBlock[] {
  const perChannel = samples / channels;
  const from = (plane * place.height + seen.y - place.y) * place.width + seen.x - place.x;
  const to = (seen.y - rect.y) * rect.width + seen.x - rect.x;
  if (pixels.length > 0) {
    if (channels === 1) {
      const size = samples * pixels.BYTES_PER_ELEMENT;
      copyRows(
        bytesOf(pixels),
        place.width * size,
        from * size,
        bytesOf(data),
        rect.width * size,
        to * size,
        seen.width * size,
        seen.height,
      );
    } else
      for (let row = 0; row < seen.height; row += 1)
        interleave(
          pixels,
          from + row * place.width,
          data,
          (to + row * rect.width) * samples + key.channel * perChannel,
          samples,
          seen.width,
        );
  }
  if (problem === null) return [];
  const { state, reason, goodRows } = problem;
  const top = Math.max(seen.y, place.y + goodRows);
  const height = seen.y + seen.height - top;
  if (height <= 0) return [];
  return [{ x: seen.x - rect.x, y: top - rect.y, width: seen.width, height, state, reason }];
}

/**
 * Fills the last column and row of a region, which its level does not have, from
 * their neighbours; `missing` counts them (0 or 1 each).
 */
export function extendByOne(
  region: Region,
  missing: { readonly right: number; readonly bottom: number },
): Region {
  const { width, height, samples, data } = region;
  const right = missing.right > 0 ? 1 : 0;
  const bottom = missing.bottom > 0 ? 1 : 0;
  if (right === 1 && width > 1)
    for (let y = 0; y < height; y += 1) {
      const end = (y + 1) * width * samples;
      data.copyWithin(end - samples, end - 2 * samples, end - samples);
    }
  if (bottom === 1 && height > 1)
    data.copyWithin(
      (height - 1) * width * samples,
      (height - 2) * width * samples,
      (height - 1) * width * samples,
    );
  const bad = region.bad.map((block) => ({
    ...block,
    width: block.width + (block.x + block.width === width - right ? right : 0),
    height: block.height + (block.y + block.height === height - bottom ? bottom : 0),
  }));
  return { ...region, bad };
}
