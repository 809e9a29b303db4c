import { componentsOf, type FramedMask, type Regions } from './components';
import { mergeCost, splitCost, trueSizes, type ErrorCost } from './error-cost';
import { prepareSlice } from './evaluate';
import { lostCells, takenOver } from './lost-cells';
import { missingWalls } from './missing-walls';
import { overlapOf } from './overlap';
import type { ScoredSlice } from './scored-slice';
import { warpingPair } from './warping';
import { flood } from './watershed';

/**
 * - merge: a wall is missing, cells run into each other;
 * - split: a wall too many parts a cell;
 * - lost: nothing of a cell is left, its neighbours take its place.
 */
export type SegmentationErrorKind = 'merge' | 'split' | 'lost';

/** One place to look at. Plain data in pixels of the slice. */
export interface SegmentationError {
  readonly kind: SegmentationErrorKind;
  /** A pixel of the spot, near its middle. */
  readonly x: number;
  readonly y: number;
  /** The smallest box around the spot. */
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pixels of the spot: the missing wall, the wall too many, the lost cell. */
  readonly size: number;
  /**
   * Pixels of what runs together or apart, largest first: what the predicted
   * region at a missing wall has of each cell that the wall should part; what
   * the regions at a wall too many have of the one cell.
   */
  readonly parts: readonly number[];
  readonly cost: ErrorCost;
}

/**
 * Every wrong wall of a slice at one threshold, the most costly for V_Info
 * first. A wall is wrong when warping can't explain it (docs/metrics.md), so
 * one that is only thin, thick or moved by less than its thickness isn't
 * listed, and neither is a speck that parts nothing. Takes several times as
 * long as the scores.
 */
export function errorList(slice: ScoredSlice, threshold: number): readonly SegmentationError[] {
  const { truth, prediction, confidence } = warpingPair(slice, threshold);
  const { regions } = prepareSlice(slice);
  const sizes = trueSizes(sizesOf(regions));
  const spotOf = (places: Int32Array): Spot => spot(places, truth);

  const predicted = flood(prediction, componentsOf(prediction));
  const cover = overlapOf(predicted, regions);

  const kept = missingWalls(truth, prediction, confidence);
  const keptTruth = overlapOf(kept.regions, regions);
  const merges = kept.walls.flatMap(({ places, parts }): SegmentationError[] => {
    const region = predicted.labels[places[0] ?? 0] ?? 0;
    const cells = new Set(parts.flatMap((part) => keptTruth.mostOf(part) ?? []));
    const joined = falling([...cells].map((cell) => cover.pixels(region, cell)));
    if (joined.length < 2) return [];
    return [{ kind: 'merge', ...spotOf(places), parts: joined, cost: mergeCost(sizes, joined) }];
  });

  const found = missingWalls(prediction, truth, confidence);
  const foundTruth = overlapOf(found.regions, regions);
  const splits = found.walls.flatMap(({ places, parts }): SegmentationError[] => {
    const cell = regions.labels[places[0] ?? 0] ?? 0;
    const pieces = falling(parts.map((part) => foundTruth.pixels(part, cell)));
    if (pieces.length < 2) return [];
    return [{ kind: 'split', ...spotOf(places), parts: pieces, cost: splitCost(sizes, pieces) }];
  });

  const takers = overlapOf(regions, predicted);
  const lost = lostCells(prediction, kept.regions, keptTruth, regions).map(
    ({ cell, places }): SegmentationError => {
      const parts = falling(takenOver(cell, takers, cover));
      return { kind: 'lost', ...spotOf(places), parts, cost: mergeCost(sizes, parts) };
    },
  );
  return [...merges, ...splits, ...lost].sort(
    (a, b) => b.cost.vInfo - a.cost.vInfo || b.cost.vRand - a.cost.vRand || a.y - b.y || a.x - b.x,
  );
}

/** Sizes above 0, largest first. */
const falling = (sizes: readonly number[]): readonly number[] =>
  sizes.filter((size) => size > 0).sort((a, b) => b - a);

/** Pixels of each region, at its label. */
function sizesOf({ labels, count }: Regions): readonly number[] {
  const sizes = new Array<number>(count + 1).fill(0);
  for (const label of labels) if (label > 0) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}

type Spot = Pick<SegmentationError, 'x' | 'y' | 'box' | 'size'>;

function spot(places: Int32Array, { height }: FramedMask): Spot {
  const xs = Array.from(places, (p) => Math.floor(p / (height + 2)) - 1);
  const ys = Array.from(places, (p) => (p % (height + 2)) - 1);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = { x: mean(xs), y: mean(ys) };
  const distance = (i: number): number =>
    ((xs[i] ?? 0) - middle.x) ** 2 + ((ys[i] ?? 0) - middle.y) ** 2;
  let nearest = 0;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < places.length; i++) {
    if (distance(i) < distance(nearest)) nearest = i;
    left = Math.min(left, xs[i] ?? left);
    right = Math.max(right, xs[i] ?? right);
    top = Math.min(top, ys[i] ?? top);
    bottom = Math.max(bottom, ys[i] ?? bottom);
  }
  return {
    x: xs[nearest] ?? 0,
    y: ys[nearest] ?? 0,
    box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
    size: places.length,
  };
}
