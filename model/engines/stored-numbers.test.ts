import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { probeCase } from './probe-case';
import { referenceNumbers, type ReferenceNumbers } from './reference-numbers';
import { storedNumbers } from './stored-numbers';

const WRITE = 'MEMBRANA_WRITE_STORED_NUMBERS';
const file = join(import.meta.dirname, 'stored-numbers.ts');

function source({ loss, slopes, probabilities }: ReferenceNumbers): string {
  const digits = (values: readonly number[]): string =>
    values.map((value) => Number(value.toPrecision(9))).join(', ');
  return [
    "import type { ReferenceNumbers } from './reference-numbers';",
    '',
    '/**',
    ' * The numbers of `probeCase`, computed once in double precision. When the case',
    ` * changes: ${WRITE}=1 npx vitest run model/engines/stored-numbers.test.ts`,
    ' */',
    'export const storedNumbers: ReferenceNumbers = {',
    `  loss: ${Number(loss.toPrecision(9))},`,
    `  slopes: [${digits(slopes)}],`,
    `  probabilities: [${digits(probabilities)}],`,
    '};',
    '',
  ].join('\n');
}

it('the stored numbers of the probe are what the reference computes', async () => {
  const computed = referenceNumbers(probeCase());
  if (process.env[WRITE] === '1') {
    await writeFile(file, source(computed));
    return;
  }
  const how = `the probe's case has changed: ${WRITE}=1 npx vitest run model/engines/stored-numbers.test.ts`;
  expect(storedNumbers.probabilities.length, how).toBe(computed.probabilities.length);
  expect(storedNumbers.loss, how).toBeCloseTo(computed.loss, 7);
  computed.probabilities.forEach((value, i) => {
    expect(storedNumbers.probabilities[i], how).toBeCloseTo(value, 7);
  });
  // Differences of a piecewise smooth loss are good to about 1e-7 of the gradient's length.
  const length = Math.hypot(...computed.slopes) / Math.sqrt(computed.slopes.length);
  computed.slopes.forEach((value, i) => {
    expect((storedNumbers.slopes[i] ?? Number.NaN) / length, how).toBeCloseTo(value / length, 5);
  });
  // A loss that stands still, or a picture of one grey, would pass for anything.
  expect(length).toBeGreaterThan(0.01);
  expect(Math.max(...computed.probabilities) - Math.min(...computed.probabilities)).toBeGreaterThan(
    0.2,
  );
}, 120_000);
