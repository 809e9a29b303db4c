import { ZstdFault } from './bits';
import { decodeHuffman, type HuffmanTable, readHuffmanTable } from './huffman';

/** Bytes that sequences take their literals from, and where the block goes on. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** The tree in force from here on. */
  readonly tree: HuffmanTable | null;
}

const MOST_LITERALS = 128 * 1024;

/** Reads a block's literals section (RFC 8878, 3.1.1.3.1) at `from`. */
export function readLiterals(
  bytes: Uint8Array,
  from: number,
  to: number,
  tree: HuffmanTable | null,
): Literals {
  const byte = (index: number): number => bytes[from + index] ?? 0;
  const kind = byte(0) & 3;
  const format = (byte(0) >> 2) & 3;
  const plain = kind < 2;
  const head = plain ? [1, 2, 1, 3][format] : [3, 3, 4, 5][format];
  if (head === undefined || from + head > to) throw new ZstdFault('a zstd block is cut');
  if (plain) {
    const size =
      head === 1
        ? byte(0) >> 3
        : (byte(0) >> 4) | (byte(1) << 4) | (head === 3 ? byte(2) << 12 : 0);
    const start = from + head;
    const end = start + (kind === 0 ? size : 1);
    if (end > to || size > MOST_LITERALS) throw new ZstdFault('zstd literals are cut');
    if (kind === 0) return { bytes: bytes.subarray(start, end), end, tree };
    return { bytes: new Uint8Array(size).fill(bytes[start] ?? 0), end, tree };
  }
  const width = head === 3 ? 10 : head === 4 ? 14 : 18;
  let sizes = 0;
  for (let index = head - 1; index >= 0; index -= 1) sizes = sizes * 256 + byte(index);
  sizes = Math.floor(sizes / 16);
  const size = sizes % 2 ** width;
  let start = from + head;
  const end = start + Math.floor(sizes / 2 ** width);
  if (end > to || size > MOST_LITERALS) throw new ZstdFault('zstd literals are cut');
  let own = tree;
  if (kind === 2) {
    const read = readHuffmanTable(bytes, start, end);
    own = read.table;
    start = read.end;
  }
  if (own === null) throw new ZstdFault('zstd literals without a tree');
  const literals = new Uint8Array(size);
  if (format === 0) decodeHuffman(own, bytes, start, end, literals);
  else decodeFour(own, bytes, start, end, literals);
  return { bytes: literals, end, tree: own };
}

/** Four streams, the sizes of the first three before them. */
function decodeFour(
  tree: HuffmanTable,
  bytes: Uint8Array,
  from: number,
  to: number,
  literals: Uint8Array,
): void {
  const part = (literals.length + 3) >> 2;
  let start = from + 6;
  for (let stream = 0; stream < 4; stream += 1) {
    const at = from + stream * 2;
    const end = stream === 3 ? to : start + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
    if (end > to || start > to) throw new ZstdFault('zstd literals are cut');
    const out = literals.subarray(
      stream * part,
      stream === 3 ? literals.length : (stream + 1) * part,
    );
    decodeHuffman(tree, bytes, start, end, out);
    start = end;
  }
}
