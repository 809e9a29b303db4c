/** What makes a Zstandard stream unusable; its text is the reason given for the block. */
export class ZstdFault extends Error {}

/**
 * Bits of a stream that is read from its end (RFC 8878, 4.1.1): the highest set
 * bit of the last byte ends it, the first bits wanted are the highest.
 */
export class BackwardBits {
  /** Bits not read yet; below 0 when more were read than there were (those were zeros). */
  left: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly from: number,
    to: number,
  ) {
    const last = to > from ? (bytes[to - 1] ?? 0) : 0;
    if (last === 0) throw new ZstdFault('a zstd bit stream without an end');
    this.left = (to - from) * 8 - (Math.clz32(last) - 24) - 1;
  }

  /** The next `count` bits, 31 at most. */
  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 65_536 + this.read(16);
    const value = this.peek(count);
    this.left -= count;
    return value;
  }

  /** The next `count` bits, 16 at most, without taking them. */
  peek(count: number): number {
    const start = this.left - count;
    if (start >= 0) return this.at(start) & ((1 << count) - 1);
    return this.left <= 0 ? 0 : (this.at(0) & ((1 << this.left) - 1)) << -start;
  }

  private at(bit: number): number {
    const { bytes } = this;
    const at = this.from + (bit >>> 3);
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    return word >>> (bit & 7);
  }
}

/** Bits from the lowest of the first byte on, as tables of probabilities are written. */
export class ForwardBits {
  private bit = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** The next `count` bits, 16 at most. */
  read(count: number): number {
    const at = this.from + (this.bit >>> 3);
    if (this.from * 8 + this.bit + count > this.to * 8) throw new ZstdFault('a zstd table is cut');
    const { bytes } = this;
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const value = (word >>> (this.bit & 7)) & ((1 << count) - 1);
    this.bit += count;
    return value;
  }

  back(count: number): void {
    this.bit -= count;
  }

  /** Where the next whole byte is. */
  get next(): number {
    return this.from + Math.ceil(this.bit / 8);
  }
}
