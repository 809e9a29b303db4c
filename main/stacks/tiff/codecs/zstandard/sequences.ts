import { BackwardBits, ZstdFault } from './bits';
import { constantTable, FseState, type FseTable, fseTable, readFseTable } from './fse';

/** Tables in force, by what they stand for. */
export interface SequenceTables {
  readonly literal: FseTable | null;
  readonly offset: FseTable | null;
  readonly match: FseTable | null;
}

/** Copy `literals` bytes, then `match` bytes from `offset` as the format tells it. */
export type TakeSequence = (literals: number, offset: number, match: number) => void;

const ones = (count: number): number[] => new Array<number>(count).fill(1);
const rare = (count: number): number[] => new Array<number>(count).fill(-1);
const twos = (count: number): number[] => new Array<number>(count).fill(2);
const kinds = {
  literal: {
    mostLog: 9,
    symbols: 36,
    standard: fseTable([4, 3, ...twos(11), 1, 1, 1, ...twos(9), 3, 2, ...ones(5), ...rare(4)], 6),
  },
  offset: {
    mostLog: 8,
    symbols: 32,
    standard: fseTable([...ones(6), 2, 2, 2, ...ones(15), ...rare(5)], 5),
  },
  match: {
    mostLog: 9,
    symbols: 53,
    standard: fseTable([1, 4, 3, ...twos(6), ...ones(37), ...rare(7)], 6),
  },
} as const;

const literalBits = [
  ...new Array<number>(16).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
];
const matchBits = [
  ...new Array<number>(32).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
];
/** First value of each code: where the one before it ends. */
const starts = (bits: readonly number[], first: number): number[] => {
  let at = first;
  return bits.map((width) => {
    const start = at;
    at += 2 ** width;
    return start;
  });
};
const literalStart = starts(literalBits, 0).map((start, code) =>
  code < 25 ? start : 2 ** (code - 19),
);
const matchStart = starts(matchBits, 3).map((start, code) =>
  code < 43 ? start : 2 ** (code - 36) + 3,
);

/** Reads a block's sequences section (RFC 8878, 3.1.1.3.2) at `from` and hands each sequence on. */
export function readSequences(
  bytes: Uint8Array,
  from: number,
  to: number,
  tables: SequenceTables,
  take: TakeSequence,
): SequenceTables {
  const byte = (index: number): number => {
    if (from + index >= to) throw new ZstdFault('zstd sequences are cut');
    return bytes[from + index] ?? 0;
  };
  const first = byte(0);
  if (first === 0) return tables;
  const head = first < 128 ? 1 : first < 255 ? 2 : 3;
  const count =
    head === 1
      ? first
      : head === 2
        ? ((first - 128) << 8) + byte(1)
        : byte(1) + (byte(2) << 8) + 0x7f00;
  const modes = byte(head);
  let at = from + head + 1;
  const table = (kind: keyof SequenceTables, shift: number): FseTable => {
    const { mostLog, symbols, standard } = kinds[kind];
    const mode = (modes >> shift) & 3;
    if (mode === 0) return standard;
    if (mode === 1) {
      if (at >= to || (bytes[at] ?? 0) >= symbols) throw new ZstdFault('a zstd code is unknown');
      return constantTable(bytes[(at += 1) - 1] ?? 0);
    }
    if (mode === 2) {
      const read = readFseTable(bytes, at, to, mostLog, symbols);
      at = read.end;
      return read.table;
    }
    const before = tables[kind];
    if (before === null) throw new ZstdFault('a zstd table is repeated that was never given');
    return before;
  };
  const own = {
    literal: table('literal', 6),
    offset: table('offset', 4),
    match: table('match', 2),
  };
  decodeSequences(new BackwardBits(bytes, at, to), own, count, take);
  return own;
}

function decodeSequences(
  input: BackwardBits,
  tables: Record<keyof SequenceTables, FseTable>,
  count: number,
  take: TakeSequence,
): void {
  const literal = new FseState(tables.literal, input);
  const offset = new FseState(tables.offset, input);
  const match = new FseState(tables.match, input);
  for (let index = 0; index < count; index += 1) {
    const place = 2 ** offset.symbol + input.read(offset.symbol);
    const length = (matchStart[match.symbol] ?? 0) + input.read(matchBits[match.symbol] ?? 0);
    const literals =
      (literalStart[literal.symbol] ?? 0) + input.read(literalBits[literal.symbol] ?? 0);
    if (input.left < 0) throw new ZstdFault('zstd sequences are cut');
    take(literals, place, length);
    if (index + 1 === count) break;
    literal.step();
    match.step();
    offset.step();
  }
  if (input.left !== 0) throw new ZstdFault('zstd sequences do not end with their bits');
}
