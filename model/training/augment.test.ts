import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augment, type Augmentation } from './augment';
import { deformed, randomDisplacement } from './elastic';
import { Random } from './random';
import type { Crop } from './sampler';

const side = 64;

const nothing: Augmentation = {
  dihedral: false,
  elastic: 0,
  elasticSpacing: 32,
  elasticDeviation: 4,
  zoom: 0,
  rotation: 0,
  intensity: 0,
  scale: [1, 1],
  shift: 0,
  noise: 0,
  noiseDeviation: 0,
  blur: 0,
  blurDeviation: 0,
};

/** A slope across the crop, membrane where it is above zero; the lower left corner is not defined. */
function slope(dx: number, dy: number): Crop {
  const image = Float32Array.from(
    { length: side * side },
    (_, i) => dx * ((i % side) - side / 2) + dy * (Math.floor(i / side) - side / 2),
  );
  return {
    side,
    image,
    target: image.map((value) => (value > 0 ? 1 : 0)),
    weight: image.map((_, i) => (i % side < 16 && i > (side * side) / 2 ? 0 : 0.25)),
    group: 'labels',
  };
}

const rootMeanSquare = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('elastic deformation', () => {
  it('moves image, target and weight together', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom({ dx: 1, dy: 0 }, { dx: 0, dy: 1 }),
        (seed, { dx, dy }) => {
          const crop = slope(dx, dy);
          const field = randomDisplacement(side, 32, 4, new Random(seed));
          const moved = deformed(crop, field);
          let compared = 0;
          let wrong = 0;
          moved.image.forEach((value, at) => {
            const x = (at % side) + (field.x[at] ?? 0);
            const y = Math.floor(at / side) + (field.y[at] ?? 0);
            if (Math.min(x, y) < 0 || Math.max(x, y) > side - 1) return;
            const expected = dx * (x - side / 2) + dy * (y - side / 2);
            const source = Math.round(y) * side + Math.round(x);
            const far = Math.abs(value - expected) > 1e-3;
            // The nearest pixel is at most half a pixel away.
            const other = Math.abs(expected) > 0.51 && moved.target[at] !== (expected > 0 ? 1 : 0);
            if (far || other || moved.weight[at] !== crop.weight[source]) wrong++;
            compared++;
          });
          expect(wrong).toBe(0);
          expect(compared).toBeGreaterThan((side * side) / 2);
        },
      ),
      { numRuns: 20, seed: 2026 },
    );
  });

  it('gives what comes from outside the crop no weight, and the image no hole', () => {
    const crop = { ...slope(1, 0), weight: new Float32Array(side * side).fill(1) };
    const right = { x: new Float32Array(side * side).fill(10), y: new Float32Array(side * side) };
    const moved = deformed(crop, right);
    moved.weight.forEach((value, at) => {
      expect(value).toBe(at % side < side - 10 ? 1 : 0);
    });
    expect(moved.image[side - 1]).toBe(crop.image[side - 1 - 10]);
  });

  it('leaves a crop as it is when nothing is displaced', () => {
    const crop = slope(1, 1);
    expect(deformed(crop, randomDisplacement(side, 32, 0, new Random(1)))).toEqual(crop);
  });

  it('is as large as asked and smooth: neighbours never change places', () => {
    const all = Array.from({ length: 40 }, (_, seed) =>
      randomDisplacement(side, 32, 4, new Random(seed)),
    );
    const mean = all.reduce((sum, { x, y }) => sum + rootMeanSquare(x) + rootMeanSquare(y), 0) / 80;
    expect(mean).toBeGreaterThan(3.2);
    expect(mean).toBeLessThan(4.8);
    for (const { x } of all) {
      const slopes = x.map((value, at) => (at % side > 0 ? value - (x[at - 1] ?? 0) : 0));
      expect(Math.min(...slopes)).toBeGreaterThan(-1);
    }
  });

  it('comes from the seed alone, for the share of crops that the recipe says', () => {
    const crop = slope(1, 0);
    const random = new Random(4);
    const changed = Array.from({ length: 200 }, () =>
      augment(crop, { ...nothing, elastic: 0.3 }, random),
    ).filter(({ image }) => image.some((value, i) => value !== crop.image[i]));
    expect(changed.length).toBeGreaterThan(40);
    expect(changed.length).toBeLessThan(80);
    const once = (seed: number): Crop =>
      augment(crop, { ...nothing, elastic: 1 }, new Random(seed));
    expect(once(7)).toEqual(once(7));
    expect(once(7)).not.toEqual(once(8));
  });

  it('draws nothing where it is off, so that older runs repeat', () => {
    const random = new Random(4);
    augment(slope(1, 0), nothing, random);
    const other = new Random(4);
    // One draw each for blur, intensity and noise.
    for (let i = 0; i < 3; i++) other.uniform();
    expect(random.state()).toEqual(other.state());
  });
});
