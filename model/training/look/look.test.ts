import { describe, expect, it } from 'vitest';
import { gaussian } from '../../inference/gaussian';
import { normaliseSlice } from '../../inference/normalise';
import { Random } from '../random';
import { evenPicture, fitLook } from './fit-look';
import { powerOf } from './fourier';
import { quantilesOf, toQuantiles } from './quantiles';
import { copiesFor, inLook, restyle } from './restyle';
import type { SeenPicture } from './spectrum';

const side = 256;
const asIs = { flatField: 0, smoothing: 0 };

const made = new Map<number, SeenPicture>();

/** Dark walls of random cells over fine texture: sharp, with a little noise of its own. */
function tissue(seed: number): SeenPicture {
  const known = made.get(seed) ?? newTissue(seed);
  made.set(seed, known);
  return known;
}

function newTissue(seed: number): SeenPicture {
  const random = new Random(seed);
  const xs = Float64Array.from({ length: 40 }, () => side * random.uniform());
  const ys = xs.map(() => side * random.uniform());
  const noise = (): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: side * side }, () => random.normal());
  const coarse = gaussian(noise(), side, side, 6);
  const fine = gaussian(noise(), side, side, 1);
  const image = new Float32Array(side * side);
  for (let at = 0; at < image.length; at += 1) {
    let first = Infinity;
    let second = Infinity;
    for (let i = 0; i < xs.length; i += 1) {
      const x = (xs[i] ?? 0) - (at % side);
      const y = (ys[i] ?? 0) - Math.floor(at / side);
      const far = x * x + y * y;
      second = Math.min(second, Math.max(first, far));
      first = Math.min(first, far);
    }
    const wall = Math.sqrt(second) - Math.sqrt(first) < 4 ? -2 : 0;
    image[at] = wall + 6 * (coarse[at] ?? 0) + 1.2 * (fine[at] ?? 0) + 0.05 * random.normal();
  }
  return { image: normaliseSlice(image), known: null, width: side, height: side };
}

function damaged(picture: SeenPicture, blur: number, noise: number, seed: number): SeenPicture {
  const random = new Random(seed);
  const { image } = evenPicture(picture);
  const soft = blur > 0 ? gaussian(image, side, side, blur) : image;
  return { ...picture, image: normaliseSlice(soft.map((v) => v + noise * random.normal())) };
}

const histogramMiss = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length);

describe('the power of a picture', () => {
  it('is that of the plain sum over its pixels', () => {
    const random = new Random(3);
    const small = Float64Array.from({ length: 64 }, () => random.normal());
    const power = powerOf(small, 8);
    for (const [u, v] of [
      [0, 0],
      [1, 0],
      [3, 5],
      [4, 7],
    ] as const) {
      let real = 0;
      let imaginary = 0;
      small.forEach((value, at) => {
        const angle = (-2 * Math.PI * (u * (at % 8) + v * Math.floor(at / 8))) / 8;
        real += value * Math.cos(angle);
        imaginary += value * Math.sin(angle);
      });
      expect(power[v * 8 + u]).toBeCloseTo(real ** 2 + imaginary ** 2, 8);
    }
  });
});

describe('a look', () => {
  const clean = [1, 2, 3].map(tissue);

  it.each([
    [0.8, 0.3],
    [1.5, 0.6],
    [1.6, 1.3],
    [2, 0.1],
    [0, 0.5],
  ])(
    'of a blur of %f px and noise of %f is found on other pictures to 0.25 px and a fifth',
    (blur, noise) => {
      for (const seed of [11, 21]) {
        const stack = [seed, seed + 1].map((one) => damaged(tissue(one), blur, noise, one));
        const look = fitLook(stack, clean);
        expect(Math.abs((look?.blur ?? NaN) - blur)).toBeLessThan(0.25);
        expect(Math.abs((look?.noise ?? NaN) / noise - 1)).toBeLessThan(0.2);
      }
    },
  );

  it('of the same pictures is none', () => {
    const look = fitLook(clean, clean);
    expect(look).toMatchObject({ blur: 0, noise: 0, misfit: 0 });
  });

  it('of sharper pictures than the clean ones is none: nothing sharpens', () => {
    const soft = clean.map((picture, i) => damaged(picture, 1, 0, i));
    const look = fitLook(clean, soft);
    expect(look?.blur).toBeLessThan(0.15);
  });

  it('does not depend on grey values or shade', () => {
    const stack = [damaged(tissue(5), 1.5, 0.6, 5)];
    const shaded = stack.map((picture) => ({
      ...picture,
      image: picture.image.map((v, at) => 700 + (40 + (at % side) / 8) * v + (at % side)),
    }));
    const one = fitLook(stack, clean);
    const other = fitLook(shaded, clean);
    expect(other?.blur).toBeCloseTo(one?.blur ?? NaN, 1);
    expect(other?.noise).toBeCloseTo(one?.noise ?? NaN, 1);
  });

  it('of pictures too small to say anything is their histogram; of nothing there is none', () => {
    const tiny = { image: new Float32Array([1, 2, 3, 4]), known: null, width: 2, height: 2 };
    expect(fitLook([tiny], clean)).toMatchObject({ blur: 0, noise: 0 });
    const unseen = { ...tiny, known: new Uint8Array(4) };
    expect(fitLook([unseen], clean)).toBeNull();
  });
});

describe('a picture in a look', () => {
  it('has the histogram and the spectrum of the stack', () => {
    const stack = [41, 42].map((seed) => damaged(tissue(seed), 1.5, 0.8, seed));
    const clean = [1, 2].map(tissue);
    const look = fitLook(stack, clean);
    if (look === null) throw new Error('there is tissue');
    const dressed = clean.map((picture, i) => ({
      ...picture,
      image: restyle(evenPicture(picture), look, asIs, new Random(i)),
    }));
    const wanted = normaliseSlice(stack[0]?.image ?? new Float32Array());
    const before = histogramMiss(quantilesOf(clean[0]?.image ?? wanted), quantilesOf(wanted));
    const after = histogramMiss(quantilesOf(dressed[0]?.image ?? wanted), quantilesOf(wanted));
    expect(after).toBeLessThan(0.15);
    expect(after).toBeLessThan(before / 2);
    // Beside its own look a stack has none; jitter of a quarter leaves a little.
    const left = fitLook(stack, dressed);
    expect(left?.blur).toBeLessThan(0.8);
    expect(left?.noise).toBeLessThan(0.5);
  });

  it('is another one each time, of the same seed the same, and keeps its labels', () => {
    const { image, width, height } = tissue(1);
    const target = Uint8Array.from(image, (value) => (value < -1 ? 1 : 0));
    const weight = new Uint8Array(image.length).fill(1);
    const slices = [{ image, width, height, target, weight, group: 'replay' }];
    const look = { blur: 1, noise: 0.5, misfit: 0, quantiles: quantilesOf(image) };
    const make = (seed: number) => [
      ...inLook(slices, look, asIs, { copies: 2, random: new Random(seed) }),
    ];
    const [one, two] = make(7);
    expect(one?.image).not.toEqual(two?.image);
    expect(make(7)[1]?.image).toEqual(two?.image);
    expect([one?.target, two?.weight, one?.group]).toEqual([target, weight, 'replay']);
  });

  it('comes in fewer versions the more pictures there are, and the fewer crops are taken', () => {
    const picture = { width: 512, height: 512 };
    const ten = Array.from({ length: 10 }, () => picture);
    expect(copiesFor(ten)).toBe(6);
    expect(copiesFor([picture])).toBe(12);
    expect(copiesFor(Array.from({ length: 100 }, () => picture))).toBe(1);
    expect(copiesFor(ten, 16)).toBe(1);
    expect(copiesFor(ten, 4800)).toBe(6);
  });
});

describe('values brought to other quantiles', () => {
  it('keep their order and get exactly those', () => {
    const random = new Random(9);
    const values = Float32Array.from({ length: 5000 }, () => random.normal());
    const to = Float32Array.from({ length: 257 }, (_, i) => (i / 256) ** 2);
    const mapped = toQuantiles(values, quantilesOf(values), to);
    expect(histogramMiss(quantilesOf(mapped), to)).toBeLessThan(0.002);
    const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    order.slice(1).forEach((at, i) => {
      expect(mapped[at] ?? 0).toBeGreaterThanOrEqual((mapped[order[i] ?? 0] ?? 0) - 1e-7);
    });
  });
});
