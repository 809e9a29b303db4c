/**
 * A slice with one bit a pixel: 32 pixels of a row in a word, the leftmost in
 * bit 0. Every row has a word more on either side, and there is a row more
 * above and below; these, and the bits to the right of the slice, are 1.
 */
export class BitPlane {
  readonly width: number;
  readonly height: number;
  /** Words of a row, those beside the slice included. */
  readonly stride: number;
  readonly words: Int32Array<ArrayBuffer>;
  /** Which bits of the last word of a row lie in the slice. */
  readonly lastBits: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.stride = Math.ceil(width / 32) + 2;
    this.words = new Int32Array(this.stride * (height + 2)).fill(-1);
    const rest = width & 31;
    this.lastBits = rest === 0 ? -1 : (1 << rest) - 1;
  }

  /** Index of the word that holds pixel (x, y). */
  wordAt(x: number, y: number): number {
    return (y + 1) * this.stride + 1 + (x >> 5);
  }

  has(x: number, y: number): boolean {
    return (((this.words[this.wordAt(x, y)] ?? 0) >>> (x & 31)) & 1) === 1;
  }

  /** Every pixel is 1. */
  isFull(): boolean {
    return this.words.every((word) => word === -1);
  }

  /** Every pixel becomes 0. */
  clear(): void {
    for (let y = 0; y < this.height; y += 1) {
      const row = this.wordAt(0, y);
      this.words.fill(0, row, row + this.stride - 2);
      this.words[row + this.stride - 3] = ~this.lastBits;
    }
  }

  /** Sets the pixels of a row from column `x` on: 1 where the byte is at least `from`. */
  setRow(
    y: number,
    x: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    from: number,
  ): void {
    const { words } = this;
    let at = this.wordAt(x, y);
    let bit = x & 31;
    let word = words[at] ?? 0;
    for (let i = start; i < start + length; i += 1) {
      if ((bytes[i] ?? 0) >= from) word |= 1 << bit;
      else word &= ~(1 << bit);
      bit += 1;
      if (bit < 32) continue;
      words[at] = word;
      at += 1;
      word = words[at] ?? 0;
      bit = 0;
    }
    if (bit > 0) words[at] = word;
  }

  /** Writes `value` where a pixel of the row is 1, from column `x` on; the other bytes stay. */
  markRow(
    y: number,
    x: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    value: number,
  ): boolean {
    const { words } = this;
    let any = false;
    for (let i = 0; i < length;) {
      const word = words[this.wordAt(x + i, y)] ?? 0;
      const bit = (x + i) & 31;
      const stop = Math.min(length, i + 32 - bit);
      // Most words of a line are blank.
      if (word !== 0)
        for (let k = i, b = bit; k < stop; k += 1, b += 1)
          if ((word >>> b) & 1) {
            bytes[start + k] = value;
            any = true;
          }
      i = stop;
    }
    return any;
  }
}

/** Half the size, rounded up: a pixel is 1 where one of its four is. */
export function halvedPlane(plane: BitPlane): BitPlane {
  const { width, height, words, stride } = plane;
  const half = new BitPlane(Math.ceil(width / 2), Math.ceil(height / 2));
  const inRow = stride - 2;
  for (let y = 0; y < half.height; y += 1) {
    const top = plane.wordAt(0, 2 * y);
    const bottom = plane.wordAt(0, Math.min(2 * y + 1, height - 1));
    const out = half.wordAt(0, y);
    for (let i = 0; i < half.stride - 2; i += 1) {
      const low = inSlice(plane, 2 * i, (words[top + 2 * i] ?? 0) | (words[bottom + 2 * i] ?? 0));
      const high =
        2 * i + 1 < inRow
          ? inSlice(
              plane,
              2 * i + 1,
              (words[top + 2 * i + 1] ?? 0) | (words[bottom + 2 * i + 1] ?? 0),
            )
          : 0;
      const bits = paired(low) | (paired(high) << 16);
      half.words[out + i] = i === half.stride - 3 ? bits | ~half.lastBits : bits;
    }
  }
  return half;
}

function inSlice({ stride, lastBits }: BitPlane, i: number, word: number): number {
  return i === stride - 3 ? word & lastBits : word;
}

/** Bit i of the result: bit 2i or 2i + 1 of the word; 16 bits. */
function paired(word: number): number {
  let bits = (word | (word >>> 1)) & 0x55555555;
  bits = (bits | (bits >>> 1)) & 0x33333333;
  bits = (bits | (bits >>> 2)) & 0x0f0f0f0f;
  bits = (bits | (bits >>> 4)) & 0x00ff00ff;
  return (bits | (bits >>> 8)) & 0xffff;
}
