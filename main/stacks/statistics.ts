import { setImmediate } from 'node:timers/promises';
import type { ElementType, SliceStatistics } from '#contract/entities';
import { readGrey } from './grey-region';
import type { StackSource } from './stack-source';
import { sampledTissue, type Band, type SampledTissue } from './tissue/sampled-tissue';
import { countedStatistics, countValues, emptyCounts, type ValueCounts } from './value-counts';

/** Larger slices are sampled by bands of rows spread over their height. */
const MOST_PIXELS = 16 * 2 ** 20;
/** Pixels worked on before the thread is given back: about 5 ms. */
const BAND_PIXELS = 2 ** 20;
/** The same where values are only counted. */
const COUNTED_PIXELS = 4 * BAND_PIXELS;
const BINS = 256;
const LOW = 0.005;
const HIGH = 0.995;
/** Values sorted for the percentiles of float slices. */
const SAMPLE = 65_536;

/**
 * Histogram, mean and display range of a slice at full resolution, of its
 * tissue only (`findTissue`), and where there is none. Bad blocks, NaN and
 * infinities are left out. Without a single usable pixel: range 0–1, empty bins.
 */
export async function sliceStatistics(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<SliceStatistics> {
  return bandStatistics(await readSliceBands(source, z, signal));
}

/** The part of a slice that its statistics are of. */
export interface SliceBands {
  readonly type: ElementType;
  /** Of the slice. */
  readonly height: number;
  readonly bands: readonly Band[];
}

/** Reads that part. */
export async function readSliceBands(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<SliceBands> {
  const { type, height } = source.info;
  return { type, height, bands: await readBands(source, z, signal) };
}

/** The statistics of a slice (`sliceStatistics`), read already; takes up to 200 ms of the thread. */
export async function bandStatistics({
  type,
  height,
  bands,
}: SliceBands): Promise<SliceStatistics> {
  const tissue = sampledTissue(bands, height);
  const { areas, note } = tissue;
  return { ...(await valueStatistics(bands, type, tissue)), noTissue: { areas, note } };
}

type ValueStatistics = Omit<SliceStatistics, 'noTissue'>;

async function valueStatistics(
  bands: readonly Band[],
  type: ElementType,
  tissue: SampledTissue,
): Promise<ValueStatistics> {
  const nothing = {
    min: 0,
    max: 1,
    low: 0,
    high: 1,
    mean: 0,
    bins: new Array<number>(BINS).fill(0),
  };
  const counts = emptyCounts(type);
  if (counts !== null) {
    await countBands(bands, tissue, counts);
    return countedStatistics(counts, LOW, HIGH, BINS) ?? nothing;
  }
  return measuredStatistics(bands, tissue, nothing);
}

/** Values too many to count one by one: the percentiles come from a sample. */
async function measuredStatistics(
  bands: readonly Band[],
  tissue: SampledTissue,
  nothing: ValueStatistics,
): Promise<ValueStatistics> {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  await eachValue(bands, tissue, (value) => {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count += 1;
  });
  if (count === 0) return nothing;
  const bins = new Array<number>(BINS).fill(0);
  const scale = max > min ? BINS / (max - min) : 0;
  const sample = new Float64Array(Math.min(count, SAMPLE));
  const step = count / Math.min(count, SAMPLE);
  let seen = 0;
  let taken = 0;
  await eachValue(bands, tissue, (value) => {
    const bin = Math.min(BINS - 1, Math.floor((value - min) * scale));
    bins[bin] = (bins[bin] ?? 0) + 1;
    if (seen >= taken * step && taken < sample.length) {
      sample[taken] = value;
      taken += 1;
    }
    seen += 1;
  });
  const percentile = sortedRank(sample.subarray(0, taken));
  return { min, max, low: percentile(LOW), high: percentile(HIGH), mean: sum / count, bins };
}

async function readBands(source: StackSource, z: number, signal: AbortSignal): Promise<Band[]> {
  const { width, height } = source.info;
  const unit = source.readUnit.height;
  const rows = unit * Math.max(1, Math.floor(BAND_PIXELS / (width * unit)));
  const bands = Math.ceil(height / rows);
  const every = Math.max(1, Math.ceil((width * height) / MOST_PIXELS));
  const found: Band[] = [];
  for (let band = 0; band < bands; band += every) {
    const rect = { x: 0, y: band * rows, width, height: rows };
    found.push({ y: band * rows, region: await readGrey(source, z, rect, 0, signal) });
  }
  return found;
}

/** Counts what could be read, giving the thread back between bands. */
async function countBands(
  bands: readonly Band[],
  tissue: SampledTissue,
  counts: ValueCounts,
): Promise<void> {
  for (const band of bands) {
    const usable = tissue.countedIn(band);
    const { data } = band.region;
    if (data instanceof BigUint64Array || data instanceof BigInt64Array) continue;
    for (let from = 0; from < data.length; from += COUNTED_PIXELS) {
      countValues(counts, data, usable, from, Math.min(data.length, from + COUNTED_PIXELS));
      await setImmediate();
    }
  }
}

/** Visits every finite value that could be read, giving the thread back between bands. */
async function eachValue(
  bands: readonly Band[],
  tissue: SampledTissue,
  visit: (value: number) => void,
): Promise<void> {
  for (const band of bands) {
    const usable = tissue.countedIn(band);
    const { data } = band.region;
    for (let from = 0; from < data.length; from += BAND_PIXELS) {
      const to = Math.min(data.length, from + BAND_PIXELS);
      for (let at = from; at < to; at += 1) {
        if (usable !== null && usable[at] === 0) continue;
        const value = Number(data[at] ?? 0);
        if (Number.isFinite(value)) visit(value);
      }
      await setImmediate();
    }
  }
}

function sortedRank(sample: Float64Array): (part: number) => number {
  const sorted = sample.slice().sort();
  return (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
