import { describe, expect, it } from 'vitest';
import { evaluateStack, sweepStack } from './evaluate';
import { warpingError, warpSlice } from './warping';

const size = 64;
type Rule = (x: number, y: number) => number;
const mod = (value: number): number => ((value % 16) + 16) % 16;
const grid: Rule = (x, y) => (mod(x) < 2 || mod(y) < 2 ? 0 : 1);
const distance = (value: number): number => Math.min(mod(value), 16 - mod(value));

function slice(prediction: Rule): {
  probability: Float32Array;
  truth: Uint8Array;
  width: number;
  height: number;
} {
  const probability = new Float32Array(size * size);
  const truth = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      probability[y * size + x] = 1 - prediction(x, y);
      truth[y * size + x] = 1 - grid(x, y);
    }
  }
  return { probability, truth, width: size, height: size };
}

const changed =
  (hit: (x: number, y: number) => boolean, value: number): Rule =>
  (x, y) =>
    hit(x, y) ? value : grid(x, y);

interface Row {
  readonly name: string;
  readonly rule: Rule;
  readonly rand: number;
  readonly precision: number;
  readonly recall: number;
  readonly info: number;
  readonly randError: number;
  readonly pixelError: number;
  readonly mismatch: number;
  readonly warping: number;
}

const rows: readonly Row[] = [
  {
    name: 'the truth itself',
    rule: grid,
    rand: 1,
    precision: 1,
    recall: 1,
    info: 1,
    randError: 0,
    pixelError: 0,
    mismatch: 0,
    warping: 0,
  },
  {
    name: 'walls of 1 px',
    rule: (x, y) => (mod(x) < 1 || mod(y) < 1 ? 0 : 1),
    rand: 1,
    precision: 1,
    recall: 1,
    info: 1,
    randError: 0,
    pixelError: 0.06888361,
    mismatch: 0.11328125,
    warping: 0,
  },
  {
    name: 'walls of 4 px',
    rule: (x, y) => (mod(x) < 4 || mod(y) < 4 ? 0 : 1),
    rand: 0.891704953,
    precision: 1,
    recall: 0.804573615,
    info: 0.895360534,
    randError: 0.297750152,
    pixelError: 0.152941176,
    mismatch: 0.203125,
    warping: 0,
  },
  {
    name: 'a wall opened at two pixels',
    rule: changed((x, y) => y === 24 && (x === 16 || x === 17), 1),
    rand: 0.941176471,
    precision: 0.888888889,
    recall: 1,
    info: 0.984126984,
    randError: 0.058823529,
    pixelError: 0.000318776,
    mismatch: 0.000488281,
    warping: 0.000244141,
  },
  {
    name: 'a whole wall opened',
    rule: changed((x, y) => (x === 16 || x === 17) && y >= 18 && y <= 31, 1),
    rand: 0.941176471,
    precision: 0.888888889,
    recall: 1,
    info: 0.984126984,
    randError: 0.058823529,
    pixelError: 0.004444444,
    mismatch: 0.006835938,
    warping: 0.003417969,
  },
  {
    name: 'a wall too many',
    rule: changed((x, y) => x === 24 && y >= 18 && y <= 31, 0),
    rand: 0.981995247,
    precision: 1,
    recall: 0.964627369,
    info: 0.987899845,
    randError: 0.018004753,
    pixelError: 0.002237136,
    mismatch: 0.003417969,
    warping: 0.000244141,
  },
  {
    name: 'a speck',
    rule: changed((x, y) => x === 24 && y === 24, 0),
    rand: 1,
    precision: 1,
    recall: 1,
    info: 1,
    randError: 0.000317351,
    pixelError: 0.000159464,
    mismatch: 0.000244141,
    warping: 0.000244141,
  },
  {
    name: 'walls moved by one pixel',
    rule: (x, y) => grid(x + 1, y + 1),
    rand: 1,
    precision: 1,
    recall: 1,
    info: 1,
    randError: 0.14667781,
    pixelError: 0.137755102,
    mismatch: 0.2109375,
    warping: 0,
  },
  {
    name: 'interior everywhere',
    rule: () => 1,
    rand: 0.117647059,
    precision: 0.0625,
    recall: 1,
    info: 0,
    randError: 0.882352941,
    pixelError: 0.132743363,
    mismatch: 0.234375,
    warping: 0.089355469,
  },
  {
    name: 'membrane everywhere',
    rule: () => 0,
    rand: 0.117647059,
    precision: 0.0625,
    recall: 1,
    info: 0,
    randError: 0.989847716,
    pixelError: 1,
    mismatch: 0.765625,
    warping: 0.00390625,
  },
];

describe('the golden vectors of the ISBI 2012 measures', () => {
  it.each(rows)(
    'scores $name',
    ({ rule, rand, precision, recall, info, randError, pixelError, mismatch, warping }) => {
      const scores = evaluateStack([slice(rule)], 0.5);
      expect(scores.vRand.score).toBeCloseTo(rand, 9);
      expect(scores.vRand.precision).toBeCloseTo(precision, 9);
      expect(scores.vRand.recall).toBeCloseTo(recall, 9);
      expect(scores.vInfo.score).toBeCloseTo(info, 9);
      expect(scores.randError).toBeCloseTo(randError, 9);
      expect(scores.pixelError).toBeCloseTo(pixelError, 9);
      expect(1 - scores.accuracy).toBeCloseTo(mismatch, 9);
      expect(warpingError([warpSlice(slice(rule), 0.5)]).error).toBeCloseTo(warping, 9);
    },
  );

  it('finds the best thresholds of a ramp', () => {
    const ramp = slice((x, y) => Math.min(1, Math.min(distance(x), distance(y)) / 8));
    const sweep = sweepStack([ramp]);
    expect(Math.max(...sweep.map(({ vRand }) => vRand.score))).toBeCloseTo(1, 9);
    expect(Math.max(...sweep.map(({ vInfo }) => vInfo.score))).toBeCloseTo(1, 9);
    expect(Math.min(...sweep.map(({ randError }) => randError))).toBeCloseTo(0, 9);
    expect(Math.min(...sweep.map(({ pixelError }) => pixelError))).toBeCloseTo(0.06888361, 9);
    expect(1 - evaluateStack([ramp], 0.5).accuracy).toBeCloseTo(0.57421875, 9);
    expect(warpingError([warpSlice(ramp, 0.5)]).error).toBe(0);
  });
});
