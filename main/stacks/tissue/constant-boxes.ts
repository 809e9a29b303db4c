import { PlaceList, spreadFrom } from './connected';
import { type Emptied, type MarkedSlice, NOTHING, TISSUE } from './marks';
import type { ValueSpread } from './value-spread';

/** Pixels of a constant box that is worth marking: a scale bar is larger, a saturated spot is no box. In real tissue at most 141 pixels of one value touch. */
const FEWEST = 256;
const SHORTEST = 4;
/** Share of its bounding box that a box fills: a vessel is round. */
const FILLED = 0.97;
const VISITED = 5;

/**
 * Marks constant rectangles inside the slice at the ends of its values, or as
 * large as a hundredth of it: burnt-in scale bars, blanked parts, missing tiles of a montage.
 */
export function markBoxes(slice: MarkedSlice, spread: ValueSpread): Emptied[] {
  const { width, height, values, marks } = slice;
  const low = spread.quantile(0.005);
  const high = spread.quantile(0.995);
  const found: Emptied[] = [];
  const visited: Int32Array[] = [];
  for (let at = 0; at + width + 1 < values.length; at += 1) {
    const value = values[at] ?? 0;
    // Most pixels differ from their neighbours: they cost one look.
    if (value !== values[at + 1] || value !== values[at + width] || marks[at] !== TISSUE) continue;
    if (at % width === width - 1 || value !== values[at + width + 1]) continue;
    const places = equalPixels(slice, at, value);
    const extreme = value <= low || value >= high;
    const large = places.length >= 0.01 * width * height;
    if (places.length >= FEWEST && (extreme || large) && isBox(places, width)) {
      for (const place of places) marks[place] = NOTHING;
      found.push({ kind: 'box', value, pixels: places.length });
    } else visited.push(places);
  }
  for (const places of visited) for (const at of places) marks[at] = TISSUE;
  return found;
}

function equalPixels(
  { width, values, marks }: MarkedSlice,
  seed: number,
  value: number,
): Int32Array {
  const places = new PlaceList();
  places.push(seed);
  marks[seed] = VISITED;
  spreadFrom(places, width, values.length, (at) => {
    if (marks[at] !== TISSUE || values[at] !== value) return false;
    marks[at] = VISITED;
    return true;
  });
  return places.view();
}

function isBox(places: Int32Array, width: number): boolean {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const at of places) {
    const x = at % width;
    const y = (at - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const across = right - left + 1;
  const down = bottom - top + 1;
  return Math.min(across, down) >= SHORTEST && places.length >= FILLED * across * down;
}
