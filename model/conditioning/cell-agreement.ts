import { componentsOf, framedMask, onMembrane } from '../metrics/components';
import { contingencyOf } from '../metrics/contingency';
import { infoScore } from '../metrics/info';
import { leftOut, type ScoredSlice } from '../metrics/scored-slice';
import { flood } from '../metrics/watershed';
import type { MapPair } from './flip';

/** How alike the cells of two answers to one picture are, at one threshold. */
export interface CellAgreement {
  /** Membrane iff probability ≥ threshold. */
  readonly threshold: number;
  /** Mean of V_Info of either map's cells against the other's, in [0, 1]. */
  readonly vInfo: number;
  /**
   * How many cells of one size would share the area out as evenly: e to the
   * entropy of their shares, the mean of both maps. A ground with specks on it
   * counts as little more than one.
   */
  readonly cells: number;
}

/**
 * V_Info both ways between the cells of p(x) and those of p(xᵀ)ᵀ, as
 * `docs/metrics.md` has it: the truth's plain components against the other's
 * after flooding. Without labels it says how far the cells can be trusted.
 */
export function cellAgreement(pair: MapPair, threshold: number): CellAgreement {
  const { map, other } = pair;
  const there = oneWay(pair, map, other, threshold);
  const back = oneWay(pair, other, map, threshold);
  return {
    threshold,
    vInfo: (there.vInfo + back.vInfo) / 2,
    cells: (there.cells + back.cells) / 2,
  };
}

function oneWay(
  { known, width, height }: MapPair,
  first: Float32Array,
  second: Float32Array,
  threshold: number,
): { readonly vInfo: number; readonly cells: number } {
  const regions = componentsOf(framedMask(first, threshold, width, height));
  if (known !== null) {
    const slice: ScoredSlice = { probability: first, truth: known, weight: known, width, height };
    for (const place of leftOut(slice)) regions.labels[place] = onMembrane;
  }
  const mask = framedMask(second, threshold, width, height);
  const table = contingencyOf(regions, flood(mask, componentsOf(mask)));
  return {
    // Rounding takes equal maps a little beyond 1.
    vInfo: table.pixels === 0 ? 0 : Math.min(1, Math.max(0, infoScore(table).score)),
    cells: table.pixels === 0 ? 0 : evenShares(table.truth, table.pixels),
  };
}

function evenShares(sizes: Float64Array, pixels: number): number {
  let entropy = 0;
  for (const size of sizes) if (size > 0) entropy -= (size / pixels) * Math.log(size / pixels);
  return Math.exp(entropy);
}

/** The mean over pairs. */
export function meanAgreement(pairs: readonly MapPair[], threshold: number): CellAgreement {
  const each = pairs.map((pair) => cellAgreement(pair, threshold));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    threshold,
    vInfo: mean(each.map(({ vInfo }) => vInfo)),
    cells: mean(each.map(({ cells }) => cells)),
  };
}
