/**
 * One measured line; `ratio` > 1 = ours is better; peer and ratio are null
 * where there is none, and ours where what is measured was never reached.
 */
export interface BenchRow {
  readonly line: string;
  readonly case: string;
  readonly unit: string;
  readonly ours: number | null;
  readonly peer: number | null;
  readonly peerName: string | null;
  readonly ratio: number | null;
  readonly threads: number;
  readonly samples: number;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function printRows(rows: readonly BenchRow[]): void {
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
}
