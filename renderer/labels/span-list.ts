/** Spans being gathered into one Int32Array, without an object a span. */
export class SpanList {
  #values = new Int32Array(192);
  #length = 0;

  /** Adds the pixels `start` ≤ x < `end` of row `y`. */
  readonly add = (y: number, start: number, end: number): void => {
    if (this.#length + 3 > this.#values.length) {
      const grown = new Int32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length] = y;
    this.#values[this.#length + 1] = start;
    this.#values[this.#length + 2] = end;
    this.#length += 3;
  };

  /** y, start, end of every span so far, in the order they came; a copy. */
  toSpans(): Int32Array {
    return this.#values.slice(0, this.#length);
  }
}
