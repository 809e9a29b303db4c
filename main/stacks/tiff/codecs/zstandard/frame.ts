import type { Decoded } from '../decoded';
import { ZstdFault } from './bits';
import type { HuffmanTable } from './huffman';
import { readLiterals } from './literals';
import { readSequences, type SequenceTables } from './sequences';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/**
 * Zstandard frames (RFC 8878) without dictionaries, whatever their headers tell of
 * their size: never more than `expected` bytes of them. What a cut stream held
 * comes back; content checksums are not compared.
 */
export function decodeZstdFrames(bytes: Uint8Array, expected: number): Decoded {
  const out = new Uint8Array(expected);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let done = 0;
  try {
    while (at + 8 <= bytes.length && done < expected) {
      const magic = view.getUint32(at, true);
      if (magic === MAGIC) {
        const frame = new Frame(bytes, at, out, done);
        done = frame.decode();
        if (frame.cut) break;
        at = frame.end;
      } else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) at += 8 + view.getUint32(at + 4, true);
      else throw new ZstdFault('not a zstd frame');
    }
  } catch (error) {
    if (!(error instanceof ZstdFault)) throw error;
    return { data: out.subarray(0, done), problem: error.message };
  }
  return { data: out.subarray(0, done), problem: null };
}

class Frame {
  /** Whether the bytes ended before the frame did. */
  cut = false;
  end: number;
  private done: number;
  private tree: HuffmanTable | null = null;
  private tables: SequenceTables = { literal: null, offset: null, match: null };
  private readonly recent = [1, 4, 8];
  private readonly checksum: boolean;

  constructor(
    private readonly bytes: Uint8Array,
    from: number,
    private readonly out: Uint8Array,
    private readonly start: number,
  ) {
    this.done = start;
    const descriptor = bytes[from + 4] ?? 0;
    const single = (descriptor & 32) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
    if (dictionary > 0) throw new ZstdFault('a zstd frame with a dictionary');
    this.checksum = (descriptor & 4) !== 0;
    const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    this.end = from + 5 + (single ? 0 : 1) + size;
  }

  /** Decodes block after block; returns how much of `out` is filled. */
  decode(): number {
    for (let last = false; !last && this.done < this.out.length;) {
      const { bytes } = this;
      const at = this.end;
      const head = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
      const kind = (head >> 1) & 3;
      const size = head >> 3;
      last = (head & 1) === 1;
      const from = at + 3;
      this.end = from + (kind === 1 ? 1 : size);
      if (this.end > bytes.length) {
        this.cut = true;
        return this.done;
      }
      if (kind === 0) this.put(bytes.subarray(from, this.end));
      else if (kind === 1) this.fill(bytes[from] ?? 0, size);
      else if (kind === 2) this.block(from, this.end);
      else throw new ZstdFault('a zstd block of unknown kind');
    }
    if (this.checksum) this.end += 4;
    return this.done;
  }

  private put(bytes: Uint8Array): void {
    const part = bytes.subarray(0, this.out.length - this.done);
    this.out.set(part, this.done);
    this.done += part.length;
  }

  private fill(value: number, length: number): void {
    const to = Math.min(this.out.length, this.done + length);
    this.out.fill(value, this.done, to);
    this.done = to;
  }

  private block(from: number, to: number): void {
    const literals = readLiterals(this.bytes, from, to, this.tree);
    this.tree = literals.tree;
    let taken = 0;
    this.tables = readSequences(
      this.bytes,
      literals.end,
      to,
      this.tables,
      (length, place, match) => {
        if (taken + length > literals.bytes.length) throw new ZstdFault('zstd literals run out');
        this.put(literals.bytes.subarray(taken, taken + length));
        taken += length;
        this.copy(this.offset(place, length), match);
      },
    );
    this.put(literals.bytes.subarray(taken));
  }

  /** The distance that an offset value means (3.1.1.5): three recent ones have numbers of their own. */
  private offset(value: number, literals: number): number {
    const { recent } = this;
    const [one = 1, two = 4, three = 8] = recent;
    const number = value > 3 ? 4 : literals === 0 ? value + 1 : value;
    if (value > 3) this.remember(value - 3, one, two);
    else if (number === 2) this.remember(two, one, three);
    else if (number === 3) this.remember(three, one, two);
    else if (number === 4) this.remember(one - 1, one, two);
    return recent[0] ?? 1;
  }

  private remember(one: number, two: number, three: number): void {
    this.recent.splice(0, 3, one, two, three);
  }

  private copy(distance: number, length: number): void {
    const { out } = this;
    if (distance < 1 || distance > this.done - this.start) {
      // What lies beyond the wanted bytes was not written; nothing points there any more.
      if (this.done >= out.length) return;
      throw new ZstdFault('a zstd match before the beginning');
    }
    const to = Math.min(out.length, this.done + length);
    if (distance >= length) out.copyWithin(this.done, this.done - distance, to - distance);
    else for (let at = this.done; at < to; at += 1) out[at] = out[at - distance] ?? 0;
    this.done = to;
  }
}
