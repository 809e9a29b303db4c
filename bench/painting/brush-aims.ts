import type { BenchRow } from '../race/report';

interface Aim {
  readonly rows: RegExp;
  readonly text: string;
  readonly met: (row: BenchRow) => boolean;
}

const atMost =
  (limit: number) =>
  ({ ours }: BenchRow): boolean =>
    ours !== null && ours <= limit;

/** What painting has to keep to; the first that fits a row counts. */
const aims: readonly Aim[] = [
  { rows: /^draw p95, .*500-px/, text: 'at most 16 ms', met: atMost(16) },
  { rows: /^draw p95, /, text: 'at most 8 ms', met: atMost(8) },
  { rows: /^frame interval p95, /, text: 'at most 20 ms', met: atMost(20) },
  {
    rows: /^time stamp to frame end p95, /,
    text: 'at most 4 ms above the control page',
    met: ({ ours, peer }) => ours !== null && peer !== null && ours <= peer + 4,
  },
];

/** Says on stderr which aims a run met. */
export function reportAims(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const aim = aims.find((each) => each.rows.test(row.case));
    if (!aim) continue;
    const { ours, peer } = row;
    const beside = peer === null ? '' : ` (control ${peer.toFixed(1)})`;
    process.stderr.write(
      `${aim.met(row) ? 'met   ' : 'MISSED'} ${row.case}: ${(ours ?? NaN).toFixed(1)} ms${beside}, ${aim.text}\n`,
    );
  }
}
