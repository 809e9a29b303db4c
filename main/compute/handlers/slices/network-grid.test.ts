import { describe, expect, it } from 'vitest';
import { noConditioning, type PixelSize } from '#contract/entities';
import { normaliseSlice } from '#model/inference/normalise';
import { labelsToNetwork, networkGrid, toNetwork, toStack } from './network-grid';

const nm = (x: number, y = x): PixelSize => ({ x, y, unit: 'nm' });
const size = { width: 60, height: 40 };
const model = nm(4);

describe('a stack whose pixels are not those of the model', () => {
  it.each([
    ['nothing is known', null, model],
    ['the card says nothing', nm(8), null],
    ['they are the same', nm(4), model],
    ['they are nearly the same', nm(4.6), model],
  ])('is taken as it is when %s', (_, stack, of) => {
    expect(networkGrid(size, stack, of)).toMatchObject({
      network: size,
      resampled: null,
      note: '',
    });
  });

  it('is resampled to the size that the model knows, each axis by itself, and the user is told', () => {
    expect(networkGrid(size, nm(8), model)).toMatchObject({
      network: { width: 120, height: 80 },
      resampled: { from: nm(8), to: nm(4) },
      note: "Pixels of 8 nm, the model's are 4 nm: resampled for the network and back",
    });
    expect(networkGrid(size, nm(2, 4), model).network).toEqual({ width: 30, height: 40 });
    expect(networkGrid({ width: 1, height: 1 }, nm(1), model).network).toEqual({
      width: 1,
      height: 1,
    });
  });

  it('is taken as it is, with a word, when the sizes cannot be right or the slice would be too large', () => {
    const wrong = networkGrid(size, nm(400), model);
    expect(wrong).toMatchObject({ network: size, resampled: null });
    expect(wrong.note).toContain('too different');
    const large = networkGrid({ width: 15_000, height: 15_000 }, nm(8), model);
    expect(large.resampled).toBeNull();
    expect(large.note).toContain('too large');
  });

  it('shows the network what a stack of its own pixel size would have shown', () => {
    const coarse = Float32Array.from({ length: 60 * 40 }, (_, i) => (i * 7919) % 251);
    const fine = new Float32Array(120 * 80);
    const marks = new Uint8Array(120 * 80);
    for (let y = 0; y < 80; y += 1)
      for (let x = 0; x < 120; x += 1) {
        const under = (y >> 1) * 60 + (x >> 1);
        fine[y * 120 + x] = coarse[under] ?? 0;
        marks[y * 120 + x] = under % 3;
      }
    const grid = networkGrid({ width: 120, height: 80 }, nm(2), model);
    expect(toNetwork(grid, { values: fine, known: null }, noConditioning)).toEqual({
      image: normaliseSlice(coarse),
      ...size,
    });
    expect(labelsToNetwork(grid, marks)).toEqual(
      Uint8Array.from({ length: 60 * 40 }, (_, i) => i % 3),
    );
    const map = new Float32Array(60 * 40).fill(0.25);
    expect(toStack(grid, map)).toEqual(new Float32Array(120 * 80).fill(0.25));
  });
});
