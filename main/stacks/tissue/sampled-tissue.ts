import type { Rect } from '#contract/tiles';
import { usablePixels } from '../halve-region';
import { newPixels, type PixelArray } from '#volume/pixel-array';
import type { GreyRegion } from '../grey-region';
import { NOTHING, OUTLIER } from './marks';
import { findTissue, type Tissue } from './tissue';
import { emptyAreas } from './tissue-areas';
import { tissueNote } from './tissue-notes';

/** Pixels looked at: larger slices are taken every second, third, … pixel, so that main's thread is soon free again. */
const MOST_PIXELS = 2 ** 19;

/** Whole rows of a slice from row `y` on. */
export interface Band {
  readonly y: number;
  readonly region: GreyRegion;
}

/** Where a slice shows tissue, for the view: exact for slices of at most half a million pixels. */
export interface SampledTissue {
  readonly areas: Rect[];
  readonly note: string;
  /** 1 where a pixel of the band counts for statistics; null = all of them. */
  countedIn(band: Band): Uint8Array<ArrayBuffer> | null;
}

/** Looks for tissue in bands that cover a slice, or parts of its height. */
export function sampledTissue(bands: readonly Band[], height: number): SampledTissue {
  const width = bands[0]?.region.width ?? 0;
  const rows = bands.flatMap(({ y, region }) =>
    Array.from({ length: region.height }, (_, i) => y + i),
  );
  const step = Math.max(1, Math.ceil(Math.sqrt((width * rows.length) / MOST_PIXELS)));
  const kept = rows.filter((_, i) => i % step === 0);
  const tissue = findTissue(sampled(bands, kept, step), step === 1 ? 'all' : 'sampled');
  const areas = emptyAreas(tissue).map((area) => {
    const top = kept[area.y] ?? 0;
    const bottom = kept[area.y + area.height] ?? height;
    const left = area.x * step;
    const right = Math.min(width, (area.x + area.width) * step);
    return { x: left, y: top, width: right - left, height: bottom - top };
  });
  return {
    areas,
    note: tissueNote(withoutUnreadable(tissue, bands)),
    countedIn: (band) => counted(band, tissue, kept, step),
  };
}

/** What can't be read is told elsewhere; here it went in as transparent. */
function withoutUnreadable(tissue: Tissue, bands: readonly Band[]): Tissue {
  if (bands.every(({ region }) => region.bad.length === 0)) return tissue;
  return { ...tissue, empty: tissue.empty.filter(({ kind }) => kind !== 'transparent') };
}

/** Every step-th pixel of the kept rows as a picture of its own. */
function sampled(bands: readonly Band[], kept: readonly number[], step: number): GreyRegion {
  const type = bands[0]?.region.type ?? 'uint8';
  const across = Math.ceil((bands[0]?.region.width ?? 0) / step);
  const data = newPixels(type, across * kept.length);
  const opaque = new Uint8Array(data.length).fill(1);
  let row = 0;
  for (const band of bands) {
    const { y, region } = band;
    const usable = usablePixels(region);
    for (; row < kept.length && (kept[row] ?? 0) < y + region.height; row += 1) {
      const from = ((kept[row] ?? 0) - y) * region.width;
      for (let x = 0; x < across; x += 1) {
        const at = row * across + x;
        const source = from + x * step;
        copyValue(region.data, source, data, at);
        if (usable?.[source] === 0 || region.opaque?.[source] === 0) opaque[at] = 0;
      }
    }
  }
  return { type, width: across, height: kept.length, samples: 1, data, bad: [], opaque };
}

function copyValue(from: PixelArray, source: number, to: PixelArray, at: number): void {
  if (from instanceof BigUint64Array || from instanceof BigInt64Array) {
    if (to instanceof BigUint64Array || to instanceof BigInt64Array) to[at] = from[source] ?? 0n;
  } else if (!(to instanceof BigUint64Array || to instanceof BigInt64Array))
    to[at] = from[source] ?? 0;
}

function counted(
  { y, region }: Band,
  { marks, box, width: across }: Tissue,
  kept: readonly number[],
  step: number,
): Uint8Array<ArrayBuffer> | null {
  const usable = usablePixels(region);
  // Of a slice without tissue everything is shown that can be read.
  if (box === null || marks === null) return usable;
  const counts = usable ?? new Uint8Array(region.data.length).fill(1);
  let row = 0;
  for (let dy = 0; dy < region.height; dy += 1) {
    while ((kept[row + 1] ?? Infinity) <= y + dy) row += 1;
    for (let x = 0; x < region.width; x += 1) {
      const mark = marks[row * across + Math.floor(x / step)];
      if (mark === NOTHING || (step === 1 && mark === OUTLIER)) counts[dy * region.width + x] = 0;
    }
  }
  return counts;
}
