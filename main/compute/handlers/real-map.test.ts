import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { warpSlice } from '#model/metrics/warping';
import {
  literalScores,
  theRules,
  type LiteralScores,
  type LiteralSlice,
  type Rules,
} from './testing/literal-measures';
import { literalWarping } from './testing/literal-warping';
import { cornerOf, darknessSlice, realSlice } from './testing/real-map';

/** The literal implementation takes seconds for more. */
const side = 256;

const rowsOf = <Value>(
  { width, height }: ScoredSlice,
  value: (index: number) => Value,
): Value[][] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => value(y * width + x)),
  );

/** In the organisers' terms: 1 inside a cell, 0 on membrane. Bytes, so that 1 − p has the ties of p. */
const literal = (slice: ScoredSlice): LiteralSlice => ({
  prediction: rowsOf(slice, (i) => 255 - Math.round(255 * (slice.probability[i] ?? 0))),
  truth: rowsOf(slice, (i) => (slice.truth[i] === 0 ? 255 : 0)),
});

/** `p ≥ byte / 255` is membrane, so values above 255 − byte are interior. */
const literally = (slice: ScoredSlice, byte: number, rules: Rules = theRules): LiteralScores =>
  literalScores(literal(slice), 255 - byte, rules);

function expectTheSame(slice: ScoredSlice, byte: number): void {
  const ours = evaluateStack([slice], Math.fround(byte / 255));
  const theirs = literally(slice, byte);
  expect(Math.abs(ours.vRand.score - theirs.vRand)).toBeLessThan(1e-9);
  expect(Math.abs(ours.vRand.precision - theirs.vRandPrecision)).toBeLessThan(1e-9);
  expect(Math.abs(ours.vRand.recall - theirs.vRandRecall)).toBeLessThan(1e-9);
  expect(Math.abs(ours.vInfo.score - theirs.vInfo)).toBeLessThan(1e-9);
  expect(Math.abs(ours.randError - theirs.randError)).toBeLessThan(1e-9);
  expect(Math.abs(ours.pixelError - theirs.pixelError)).toBeLessThan(1e-9);
}

describe('a real probability map of the bundled crops', () => {
  it.each([
    { page: 6, byte: 51 },
    { page: 6, byte: 90 },
    { page: 8, byte: 110 },
  ])(
    'has the same scores by a second implementation (page $page, p ≥ $byte/255)',
    async ({ page, byte }) => {
      const slice = cornerOf(await realSlice(page), side);
      // It is a map worth the name: right in parts, with pixels that lie on the threshold.
      const tie = Math.fround(byte / 255);
      expect(slice.probability.filter((value) => value === tie).length).toBeGreaterThan(50);
      expect(evaluateStack([slice], tie).vInfo.score).toBeGreaterThan(0.6);
      expectTheSame(slice, byte);
    },
  );

  it('tells the right order of visits and the flag from wrong ones', async () => {
    const slice = cornerOf(await realSlice(6), side);
    const ours = evaluateStack([slice], Math.fround(128 / 255));
    const byRows = literally(slice, 128, { ...theRules, visits: 'rows' });
    const unflagged = literally(slice, 128, { ...theRules, flag: 'never set' });
    expect(Math.abs(ours.vInfo.score - byRows.vInfo)).toBeGreaterThan(1e-6);
    expect(Math.abs(ours.vInfo.score - unflagged.vInfo)).toBeGreaterThan(1e-6);
  });

  it('keeps as many pixels apart after warping as a second implementation', async () => {
    const slice = cornerOf(await realSlice(7), 192);
    const threshold = 0.45;
    const { left } = warpSlice(slice, threshold);
    expect(left).toBeGreaterThan(100);
    expect(left).toBe(
      literalWarping({
        truth: rowsOf(slice, (i) => slice.truth[i] === 0),
        prediction: rowsOf(slice, (i) => (slice.probability[i] ?? 0) < threshold),
        confidence: rowsOf(slice, (i) =>
          Math.fround(Math.abs((slice.probability[i] ?? 0) - threshold)),
        ),
      }),
    );
  });
});

const isbi = resolve(process.env['MEMBRANA_DATA'] ?? '../shared/data', 'isbi2012');
const absent = !existsSync(resolve(isbi, 'train-volume.tif'));
if (absent) console.warn('Left out: the ISBI stack by a second implementation; it is not there.');

describe.skipIf(absent)('a real probability map of the ISBI stack', () => {
  it('has the same scores by a second implementation', async () => {
    const slice = await darknessSlice(
      { path: resolve(isbi, 'train-volume.tif'), page: 12 },
      { path: resolve(isbi, 'train-labels.tif'), page: 12, membrane: 0 },
    );
    expectTheSame(cornerOf(slice, side), 102);
  });
});
