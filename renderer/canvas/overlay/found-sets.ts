import type { FoundClass } from '../view-types';

/**
 * Which classes of the user's own a pixel is of by their maps, as a number: 0 =
 * none. A pixel may be of several; each set that occurs has a number of its own,
 * so that a table can be made for it.
 */
export class FoundSets {
  readonly #found: readonly FoundClass[];
  readonly #sets: (readonly number[])[] = [[]];
  /** By set and class: the set with that class in it. */
  readonly #next: number[] = [];

  constructor(found: readonly FoundClass[]) {
    this.#found = found;
  }

  /** The classes of a set by their numbers in the labels, in the order of `found`. */
  classesOf(set: number): readonly number[] {
    return this.#sets[set] ?? [];
  }

  /** The set of pixel `i`; `maps` = probability bytes, in the order of `found`. */
  at(maps: readonly (Uint8Array | null)[], i: number): number {
    let set = 0;
    for (let k = 0; k < this.#found.length; k += 1) {
      const map = maps[k];
      const one = this.#found[k];
      if (map && one && (map[i] ?? 0) >= one.from) set = this.#with(set, k, one.id);
    }
    return set;
  }

  #with(set: number, k: number, id: number): number {
    const key = set * this.#found.length + k;
    const known = this.#next[key];
    if (known !== undefined) return known;
    this.#sets.push([...this.classesOf(set), id]);
    const made = this.#sets.length - 1;
    this.#next[key] = made;
    return made;
  }
}

/** Of every pixel of a tile the first of the classes whose map has it, by its number in the labels; 0 = none. Null where there is no map. */
export function firstFound(
  found: readonly FoundClass[],
  maps: readonly (Uint8Array | null)[],
): Uint8Array | null {
  const length = maps.find((map) => map !== null)?.length;
  if (length === undefined) return null;
  const ids = new Uint8Array(length);
  for (let k = found.length - 1; k >= 0; k -= 1) {
    const map = maps[k];
    const one = found[k];
    if (!map || !one) continue;
    for (let i = 0; i < length; i += 1) if ((map[i] ?? 0) >= one.from) ids[i] = one.id;
  }
  return ids;
}
