import { BackwardBits, ZstdFault } from './bits';
import { FseState, readFseTable } from './fse';

/** A decoding table of a Huffman code: by the next `log` bits, the symbol and its length. */
export interface HuffmanTable {
  readonly log: number;
  readonly symbol: Uint8Array;
  readonly bits: Uint8Array;
}

const MOST_LOG = 11;
const MOST_WEIGHT_LOG = 6;
const MOST_SYMBOLS = 256;

/** Reads a tree's description (RFC 8878, 4.2.1) at `from`. */
export function readHuffmanTable(
  bytes: Uint8Array,
  from: number,
  to: number,
): { table: HuffmanTable; end: number } {
  const head = bytes[from] ?? 0;
  const start = from + 1;
  const direct = head >= 128;
  const end = start + (direct ? (head - 126) >> 1 : head);
  if (end > to) throw new ZstdFault('a zstd tree is cut');
  const weights = direct
    ? Array.from({ length: head - 127 }, (_, index) => {
        const pair = bytes[start + (index >> 1)] ?? 0;
        return index % 2 === 0 ? pair >> 4 : pair & 15;
      })
    : packedWeights(bytes, start, end);
  return { table: tableOf(weights), end };
}

/** Weights by two states in turn, until the bits run out. */
function packedWeights(bytes: Uint8Array, from: number, to: number): number[] {
  const { table, end } = readFseTable(bytes, from, to, MOST_WEIGHT_LOG, MOST_SYMBOLS);
  const input = new BackwardBits(bytes, end, to);
  const states = [new FseState(table, input), new FseState(table, input)] as const;
  const weights: number[] = [];
  for (let turn = 0; weights.length < MOST_SYMBOLS; turn = 1 - turn) {
    const [now, other] = turn === 0 ? states : ([states[1], states[0]] as const);
    weights.push(now.symbol);
    now.step();
    if (input.left < 0) {
      weights.push(other.symbol);
      return weights;
    }
  }
  throw new ZstdFault('a zstd tree has too many symbols');
}

/** The weight of the last symbol is what makes the sum a power of two. */
function tableOf(given: readonly number[]): HuffmanTable {
  const sum = given.reduce((total, weight) => total + (weight > 0 ? 1 << (weight - 1) : 0), 0);
  const log = 32 - Math.clz32(sum);
  const left = (1 << log) - sum;
  if (sum === 0 || log > MOST_LOG || (left & (left - 1)) !== 0 || given.length >= MOST_SYMBOLS)
    throw new ZstdFault('a zstd tree does not add up');
  const weights = [...given, 32 - Math.clz32(left)];
  const symbol = new Uint8Array(1 << log);
  const bits = new Uint8Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight += 1)
    weights.forEach((own, value) => {
      if (own !== weight) return;
      const entries = 1 << (weight - 1);
      symbol.fill(value, at, at + entries);
      bits.fill(log + 1 - weight, at, at + entries);
      at += entries;
    });
  return { log, symbol, bits };
}

/** Decodes one stream into `out`, filling it; the stream must end with it. */
export function decodeHuffman(
  { log, symbol, bits }: HuffmanTable,
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
): void {
  const input = new BackwardBits(bytes, from, to);
  for (let at = 0; at < out.length; at += 1) {
    const code = input.peek(log);
    out[at] = symbol[code] ?? 0;
    input.left -= bits[code] ?? 0;
  }
  if (input.left !== 0) throw new ZstdFault('a zstd stream does not end with its literals');
}
