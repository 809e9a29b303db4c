import type { ElementType } from '#contract/entities';
import type { Rect } from '#contract/tiles';
import type { GreyRegion } from '../grey-region';
import { usablePixels } from '../halve-region';
import type { PixelArray } from '#volume/pixel-array';
import { emptiedBy, markBorders } from './constant-borders';
import { markBoxes } from './constant-boxes';
import { markLines } from './constant-lines';
import { markIslands } from './islands';
import { type Emptied, type MarkedSlice, NOTHING, OUTLIER, TISSUE } from './marks';
import { averaged, isNoise } from './noise';
import { markNodata } from './nodata-values';
import { type Fence, fenceOf, noFence, settleSpots } from './outliers';
import { takeSoftEdge } from './soft-edges';
import { ValueSpread } from './value-spread';

/** Padding that is not quite constant (noise of a camera, of compression) may vary by this share of the tissue's spread; tissue as even as that covers 0.01 % of a real slice at most. */
const NOISE = 0.04;
/** It is as dark or bright as this share of the slice at most, … */
const EXTREME = 0.02;
/** … or takes so much of the slice that it can be no structure. */
const VAST = 0.1;
/** Different values that a picture of tissue has at least. */
const FEWEST_VALUES = 16;
/** Integers that spread no farther are one grey value with noise of rounding. */
const FLAT_STEPS = 2;
/** Floats that spread no farther than this share of their size: rounding of single precision. */
const FLAT_SHARE = 1e-6;

/** Where a slice shows tissue. */
export interface Tissue {
  readonly width: number;
  readonly height: number;
  /** One of `NOTHING`, `TISSUE`, `OUTLIER` a pixel; null = tissue everywhere. */
  readonly marks: Uint8Array<ArrayBuffer> | null;
  /** Share of the pixels that are not `NOTHING`. */
  readonly share: number;
  /** The smallest rectangle around them; null where there are none. */
  readonly box: Rect | null;
  readonly outliers: number;
  /** Values of tissue lie between these. */
  readonly fence: Fence;
  readonly empty: readonly Emptied[];
}

/**
 * Tells tissue from what is none, by nothing but the slice itself, so that the
 * same slice gives the same answer anywhere: what can't be read, transparent
 * pixels and values that are no numbers, padding and bars (constant regions at
 * the edges and the lettering in them), constant boxes, no-data values, and
 * slices of one grey value. Structures of tissue stay, however dark or bright:
 * only constant regions go.
 *
 * `sampled`: the region is every second, third, … pixel of a slice, so that
 * neighbours say nothing about noise.
 *
 * The limits in this folder were set by hand, between what 18 slices of the
 * sample and the replay crops hold (told beside each) and what padding, bars and
 * no-data values need, and tried on some 240 pictures made of two tissues.
 */
export function findTissue(region: GreyRegion, pixels: 'all' | 'sampled' = 'all'): Tissue {
  const { width, height, type } = region;
  const values = numbers(region.data);
  const marks = new Uint8Array(width * height).fill(TISSUE);
  const slice: MarkedSlice = { width, height, values, marks };
  const empty: Emptied[] = markUnknown(region, slice);
  if (isConstant(slice)) return blank(slice, empty);
  // A picture of a few values is a mask or a drawing: what is constant in it means something.
  const fence = ValueSpread.of(slice).hasValues(FEWEST_VALUES) ? markEmpty(slice, empty) : noFence;
  if (isFlat(ValueSpread.of(slice), type)) return blank(slice, empty);
  if (pixels === 'all' && isNoise(slice)) return blank(slice, empty, 'noise');
  return { width, height, ...counted(slice), fence, empty };
}

/** Marks what is no tissue by its values, adds why to `empty`, and says where grey values end. */
function markEmpty(slice: MarkedSlice, empty: Emptied[]): Fence {
  const borders = markBorders(slice, 0);
  empty.push(...markLines(slice));
  const nodata = markNodata(slice);
  let spread = ValueSpread.of(slice);
  const noisy = noisyBorders(slice, spread);
  if (noisy.length > 0) spread = ValueSpread.of(slice);
  empty.push(...emptiedBy([...borders, ...noisy]));
  let soft = 0;
  for (const border of [...borders, ...noisy]) soft += takeSoftEdge(slice, border, spread);
  empty.push(...markBoxes(slice, spread));
  const fence = fenceOf(slice, spread);
  if (settleSpots(slice, fence) > 0) empty.push(...nodata);
  if (borders.length + noisy.length > 0) soft += markIslands(slice);
  if (soft > 0) empty.push({ kind: 'islands', pixels: soft });
  return fence;
}

/** A slice whose last pixels are of one grey value, or noise, too. */
function blank(
  { width, height, marks }: MarkedSlice,
  empty: readonly Emptied[],
  kind: 'blank' | 'noise' = 'blank',
): Tissue {
  const left = marks.reduce((sum, mark) => sum + (mark === NOTHING ? 0 : 1), 0);
  const all: Emptied[] = left > 0 ? [...empty, { kind, pixels: left }] : [...empty];
  const none = { share: 0, box: null, outliers: 0, fence: noFence } as const;
  return { width, height, marks: marks.fill(NOTHING), ...none, empty: all };
}

function isConstant({ values, marks }: MarkedSlice): boolean {
  let first: number | undefined;
  for (let at = 0; at < values.length; at += 1) {
    if (marks[at] !== TISSUE) continue;
    first ??= values[at];
    if (values[at] !== first) return false;
  }
  return true;
}

function numbers(data: PixelArray): MarkedSlice['values'] {
  if (!(data instanceof BigUint64Array) && !(data instanceof BigInt64Array)) return data;
  return Float64Array.from(data, Number);
}

function markUnknown({ bad, opaque, ...region }: GreyRegion, slice: MarkedSlice): Emptied[] {
  const { values, marks } = slice;
  const usable = usablePixels({ ...region, bad });
  let unreadable = 0;
  let transparent = 0;
  let notNumbers = 0;
  const float = values instanceof Float32Array || values instanceof Float64Array;
  if (usable === null && opaque === null && !float) return [];
  for (let at = 0; at < marks.length; at += 1) {
    if (usable?.[at] === 0) unreadable += 1;
    else if (opaque?.[at] === 0) transparent += 1;
    else if (!Number.isFinite(values[at])) notNumbers += 1;
    else continue;
    marks[at] = NOTHING;
  }
  const found: Emptied[] = [
    { kind: 'unreadable', pixels: unreadable },
    { kind: 'transparent', pixels: transparent },
    { kind: 'not-a-number', pixels: notNumbers },
  ];
  return found.filter(({ pixels }) => pixels > 0);
}

/** Padding with noise, which only counts where it is as dark or as bright as hardly any tissue, or vast. */
function noisyBorders(slice: MarkedSlice, spread: ValueSpread): ReturnType<typeof markBorders> {
  const tolerance = NOISE * spread.width;
  if (!(tolerance > 0)) return [];
  const before = slice.marks.slice();
  const even = markBorders(slice, tolerance);
  // The noise of a camera is stronger than that; its mean over a few pixels is not.
  const found = even.length > 0 ? even : markBorders(averaged(slice), tolerance);
  if (found.length === 0) return [];
  const rest = ValueSpread.of(slice);
  const low = rest.quantile(EXTREME);
  const high = rest.quantile(1 - EXTREME);
  const vast = VAST * slice.marks.length;
  const kept = found.filter(
    ({ value, places }) => value <= low || value >= high || places.length >= vast,
  );
  if (kept.length === found.length) return kept;
  slice.marks.set(before);
  for (const { places } of kept) for (const at of places) slice.marks[at] = NOTHING;
  return kept;
}

function isFlat(spread: ValueSpread, type: ElementType): boolean {
  if (spread.count === 0) return true;
  if (!type.startsWith('float')) return spread.width <= FLAT_STEPS && !spread.hasValues(4);
  const size = Math.max(Math.abs(spread.quantile(0.005)), Math.abs(spread.quantile(0.995)));
  return spread.width <= FLAT_SHARE * size;
}

function counted({
  width,
  height,
  marks,
}: MarkedSlice): Pick<Tissue, 'marks' | 'share' | 'box' | 'outliers'> {
  let outliers = 0;
  let pixels = 0;
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      const mark = marks[at];
      if (mark === NOTHING) continue;
      if (mark === OUTLIER) outliers += 1;
      pixels += 1;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  const all = pixels === width * height && outliers === 0;
  return {
    marks: all ? null : marks,
    share: pixels / (width * height),
    box:
      pixels === 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
    outliers,
  };
}
