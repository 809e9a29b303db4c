/** Places of a slice, in the order found, at 4 bytes each: a region may be the whole slice. */
export class PlaceList {
  #places = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(at: number): void {
    if (this.#length === this.#places.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#length] = at;
    this.#length += 1;
  }

  clear(): void {
    this.#length = 0;
  }

  /** The places as they are now. */
  view(): Int32Array {
    return this.#places.subarray(0, this.#length);
  }

  at(index: number): number {
    return this.#places[index] ?? 0;
  }
}

/** Adds everything that is 4-connected to what the list holds; `take` says whether a place belongs, and must do so once only. */
export function spreadFrom(
  places: PlaceList,
  width: number,
  length: number,
  take: (at: number) => boolean,
): void {
  const visit = (at: number): void => {
    if (take(at)) places.push(at);
  };
  for (let i = 0; i < places.length; i += 1) {
    const at = places.at(i);
    const x = at % width;
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (at >= width) visit(at - width);
    if (at < length - width) visit(at + width);
  }
}

/**
 * Calls `visit` with the places of every 4-connected group of pixels for which
 * `belongs` holds; the list is used again for the next group.
 */
export function eachGroup(
  width: number,
  length: number,
  belongs: (at: number) => boolean,
  visit: (places: Int32Array) => void,
): void {
  const seen = new Uint8Array(length);
  const places = new PlaceList();
  const take = (at: number): boolean => {
    if (seen[at] === 1 || !belongs(at)) return false;
    seen[at] = 1;
    return true;
  };
  for (let seed = 0; seed < length; seed += 1) {
    if (!take(seed)) continue;
    places.clear();
    places.push(seed);
    spreadFrom(places, width, length, take);
    visit(places.view());
  }
}
