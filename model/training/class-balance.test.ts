import { describe, expect, it } from 'vitest';
import { Random } from './random';
import { CropSampler, type Crop } from './sampler';
import type { TrainingSlice } from './training-slice';

const side = 32;
const plan = [{ group: 'labels', share: 1 }];

/** Interior with small squares of membrane at the given places. */
function slice(size: number, squares: readonly (readonly [number, number])[]): TrainingSlice {
  const target = new Uint8Array(size * size);
  for (const [x, y] of squares) {
    for (let row = y; row < y + 4; row++) target.fill(1, row * size + x, row * size + x + 4);
  }
  return {
    image: new Float32Array(size * size),
    width: size,
    height: size,
    target,
    weight: new Uint8Array(size * size).fill(1),
    group: 'labels',
  };
}

const centre = ({ target }: Crop): number => target[(side / 2) * side + side / 2] ?? 0;

function drawn(slices: readonly TrainingSlice[], balance: number, count = 400): Crop[] {
  const sampler = new CropSampler(slices, plan, side, new Random(2), balance);
  return Array.from({ length: count }, () => sampler.next());
}

const rare = [
  slice(256, [
    [60, 60],
    [200, 120],
  ]),
];
const share = (crops: readonly Crop[], test: (crop: Crop) => boolean): number =>
  crops.filter(test).length / crops.length;

describe('crops for classes of unequal size', () => {
  it('are centred on the rarer class as often as the recipe says', () => {
    expect(share(drawn(rare, 0), (crop) => centre(crop) === 1)).toBeLessThan(0.05);
    const half = share(drawn(rare, 0.5), (crop) => centre(crop) === 1);
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.6);
    expect(share(drawn(rare, 1), (crop) => centre(crop) === 1)).toBe(1);
  });

  it('find the rarer class whichever it is, and every place of it', () => {
    const inverted = rare.map((each) => ({ ...each, target: each.target.map((t) => 1 - t) }));
    expect(share(drawn(inverted, 1), (crop) => centre(crop) === 0)).toBe(1);
    const marked = rare.map((each) => ({
      ...each,
      image: Float32Array.from(each.target, (_, i) => Math.floor(i / 256)),
    }));
    const rows = new Set(drawn(marked, 1).map(({ image }) => image[(side / 2) * side] ?? 0));
    expect(rows).toEqual(new Set([60, 61, 62, 63, 120, 121, 122, 123]));
  });

  it('are centred only on pixels that count and are in focus', () => {
    const [first] = rare;
    if (first === undefined) throw new Error('There is no slice.');
    const upper = (at: number): boolean => Math.floor(at / 256) < 100;
    const marks = Uint8Array.from(first.weight, (_, i) => (upper(i) ? 1 : 0));
    const image = Float32Array.from(first.target, (_, i) => Math.floor(i / 256));
    for (const changed of [{ weight: marks }, { focus: marks }]) {
      const rows = drawn([{ ...first, image, ...changed }], 1).map(
        (crop) => crop.image[(side / 2) * side] ?? 0,
      );
      expect(Math.max(...rows)).toBeLessThan(64);
    }
  });

  it('stay inside the slice at its border, and hold the pixel still', () => {
    const crops = drawn([slice(64, [[0, 0]])], 1, 50);
    for (const crop of crops) {
      expect(crop.weight.every((value) => value === 1)).toBe(true);
      expect(crop.target.filter((value) => value === 1)).toHaveLength(16);
    }
  });

  it('come as they do without it where one class alone is labelled, and leave the shares of the groups alone', () => {
    const groups = [
      { ...slice(64, []), group: 'replay' },
      { ...slice(64, [[30, 30]]), group: 'new-strokes' },
    ];
    const shares = groups.map(({ group }) => ({ group, share: 0.5 }));
    const sampler = new CropSampler(groups, shares, side, new Random(2), 1);
    const crops = Array.from({ length: 100 }, () => sampler.next());
    expect(crops.filter(({ group }) => group === 'replay')).toHaveLength(50);
  });
});
