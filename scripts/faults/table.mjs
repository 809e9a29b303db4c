/**
 * One part of the fault suite.
 * @typedef {{ section: string, counts: Record<string, number>, failures: string[], notes: string[], seconds?: number }} Row
 */

/** A line a part: what it did, what it found, and whether that is what it should be. */
export function table(rows) {
  return rows
    .map(({ section, counts, failures, notes, seconds }) => {
      const figures = Object.entries(counts).map(([name, value]) => `${name} ${value}`);
      const took = seconds === undefined ? [] : [`${seconds} s`];
      const mark = failures.length === 0 ? 'ok ' : 'RED';
      return `${mark}  ${section.padEnd(42)} ${[...figures, ...took, ...notes].join(', ')}`;
    })
    .join('\n');
}

const summed = ['kills', 'acknowledged', 'lost', 'torn', 'power cuts', 'faults', 'cuts', 'flips'];

/** The figures that mean the same in every part, added up, and the share of records that came back. */
export function total(rows) {
  const counts = Object.fromEntries(
    summed.map((name) => [name, rows.reduce((sum, row) => sum + (row.counts[name] ?? 0), 0)]),
  );
  const damaged = rows.filter(({ counts: { records } }) => records !== undefined);
  const records = damaged.reduce((sum, row) => sum + row.counts.records, 0);
  const recovered = damaged.reduce((sum, row) => sum + row.counts.recovered, 0);
  return {
    ...counts,
    ...(records > 0 && {
      '% of records recovered': Number(((100 * recovered) / records).toFixed(2)),
    }),
    failures: rows.reduce((sum, { failures }) => sum + failures.length, 0),
  };
}
