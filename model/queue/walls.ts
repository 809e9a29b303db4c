/** Where two basins lie side by side: the crest of the map between them. */
export interface Wall {
  /** The basins, the lower number first. */
  readonly basins: readonly [number, number];
  /** Pixels of the crest, one for each pair of neighbours on either side; some come twice. */
  readonly places: readonly number[];
}

/**
 * The crests between all basins of a map.
 *
 * @param labels a basin for each pixel, row by row
 */
export function wallsOf(
  labels: Int32Array,
  probability: Uint8Array,
  width: number,
): readonly Wall[] {
  const walls = new Map<number, { basins: [number, number]; places: number[] }>();
  const meet = (p: number, q: number): void => {
    const one = labels[p] ?? 0;
    const two = labels[q] ?? 0;
    if (one === two) return;
    const basins: [number, number] = one < two ? [one, two] : [two, one];
    const key = basins[0] * labels.length + basins[1];
    const crest = (probability[p] ?? 0) >= (probability[q] ?? 0) ? p : q;
    const wall = walls.get(key);
    if (wall) wall.places.push(crest);
    else walls.set(key, { basins, places: [crest] });
  };
  for (let p = 0; p < labels.length; p++) {
    if ((p + 1) % width !== 0) meet(p, p + 1);
    if (p + width < labels.length) meet(p, p + width);
  }
  return [...walls.values()];
}
