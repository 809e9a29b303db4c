import { type BackwardBits, ForwardBits, ZstdFault } from './bits';

/** A decoding table of finite state entropy (RFC 8878, 4.1): for each state its symbol and how the next one is found. */
export interface FseTable {
  readonly log: number;
  readonly symbol: Uint8Array;
  readonly bits: Uint8Array;
  readonly base: Uint16Array;
}

/** The table of these probabilities, in parts of 2^log; −1 stands for less than one part. */
export function fseTable(probabilities: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbol = new Uint8Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  probabilities.forEach((share, value) => {
    next[value] = Math.abs(share);
    if (share < 0) symbol[(high -= 1)] = value;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  probabilities.forEach((share, value) => {
    for (let part = 0; part < share; part += 1) {
      symbol[at] = value;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  const bits = new Uint8Array(size);
  const base = new Uint16Array(size);
  for (let state = 0; state < size; state += 1) {
    const value = symbol[state] ?? 0;
    const count = next[value] ?? 1;
    next[value] = count + 1;
    const width = log - (31 - Math.clz32(count));
    bits[state] = width;
    base[state] = (count << width) - size;
  }
  return { log, symbol, bits, base };
}

/** A table that always gives one symbol and takes no bits. */
export function constantTable(value: number): FseTable {
  return {
    log: 0,
    symbol: Uint8Array.of(value),
    bits: new Uint8Array(1),
    base: new Uint16Array(1),
  };
}

/**
 * Reads a table's description (4.1.1) at `from`.
 * @returns the table, and where the bytes behind it begin
 */
export function readFseTable(
  bytes: Uint8Array,
  from: number,
  to: number,
  mostLog: number,
  symbols: number,
): { table: FseTable; end: number } {
  const input = new ForwardBits(bytes, from, to);
  const log = input.read(4) + 5;
  if (log > mostLog) throw new ZstdFault('a zstd table is too fine');
  const probabilities: number[] = [];
  let left = 1 << log;
  while (left > 0 && probabilities.length < symbols) {
    const width = 32 - Math.clz32(left + 1);
    const low = (1 << (width - 1)) - 1;
    const threshold = (1 << width) - 2 - left;
    let value = input.read(width);
    if ((value & low) < threshold) {
      input.back(1);
      value &= low;
    } else if (value > low) value -= threshold;
    const share = value - 1;
    left -= Math.abs(share);
    probabilities.push(share);
    for (let repeat = share === 0 ? 3 : 0; repeat === 3;) {
      repeat = input.read(2);
      for (let index = 0; index < repeat; index += 1) probabilities.push(0);
    }
  }
  if (left !== 0 || probabilities.length > symbols)
    throw new ZstdFault('a zstd table does not add up');
  return { table: fseTable(probabilities, log), end: input.next };
}

/** A state that walks along a table. */
export class FseState {
  private state: number;

  constructor(
    private readonly table: FseTable,
    private readonly input: BackwardBits,
  ) {
    this.state = input.read(table.log);
  }

  get symbol(): number {
    return this.table.symbol[this.state] ?? 0;
  }

  step(): void {
    const { base, bits } = this.table;
    this.state = (base[this.state] ?? 0) + this.input.read(bits[this.state] ?? 0);
  }
}
