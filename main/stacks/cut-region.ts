import { intersect, type Rect } from '#contract/tiles';
import { bytesOf, bytesPerSample, copyRows, newPixels } from '#volume/pixel-array';
import type { Region } from './stack-source';

/** A copy of a part of a region; `rect` lies inside it. */
export function cutRegion(region: Region, rect: Rect): Region {
  const { type, samples } = region;
  const size = samples * bytesPerSample(type);
  const data = newPixels(type, rect.width * rect.height * samples);
  const rowBytes = rect.width * size;
  const start = (rect.y * region.width + rect.x) * size;
  const stride = region.width * size;
  copyRows(bytesOf(region.data), stride, start, bytesOf(data), rowBytes, 0, rowBytes, rect.height);
  const bad = region.bad.flatMap((block) => {
    const part = intersect(block, rect);
    return part === null ? [] : [{ ...block, ...part, x: part.x - rect.x, y: part.y - rect.y }];
  });
  return { type, samples, width: rect.width, height: rect.height, data, bad };
}
