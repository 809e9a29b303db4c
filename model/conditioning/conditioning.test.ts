import { describe, expect, it } from 'vitest';
import { Random } from '../training/random';
import { cellAgreement } from './cell-agreement';
import { addFlip, flipScore, noFlipSums, predictPair, type MapPair } from './flip';
import { cropOf, placesFor } from './places';
import { asItIs, searchConditioning, type Ask, type ShownAs } from './search';
import { lightOf, steadiest } from './trust';

const width = 48;
const height = 40;

function noise(seed: number, size = width * height): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => random.uniform());
}

/** A map with a wall every `step` pixels each way, `gap` of them opened. */
function walls(step: number, open: readonly number[] = []): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: width * height }, (_, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    if (open.includes(at)) return 0;
    return x % step === 0 || y % step === 0 ? 0.9 : 0.05;
  });
}

const pairOf = (
  map: Float32Array<ArrayBuffer>,
  other: Float32Array<ArrayBuffer>,
  known: Uint8Array<ArrayBuffer> | null = null,
): MapPair => ({ map, other, known, width, height });

describe('flip disagreement', () => {
  it('is the mean difference over the mean share above one half, of known pixels', () => {
    for (const seed of [1, 2, 3]) {
      const [p, q] = [noise(seed), noise(seed + 100)];
      const known = Uint8Array.from(noise(seed + 200), (value) => (value < 0.7 ? 1 : 0));
      let [apart, above, count] = [0, 0, 0];
      for (let at = 0; at < p.length; at += 1) {
        if (known[at] === 0) continue;
        count += 1;
        apart += Math.abs((p[at] ?? 0) - (q[at] ?? 0));
        above += (Number((p[at] ?? 0) > 0.5) + Number((q[at] ?? 0) > 0.5)) / 2;
      }
      const { disagreement, share } = flipScore(addFlip(noFlipSums, pairOf(p, q, known)));
      expect(disagreement).toBeCloseTo(apart / count / (above / count), 6);
      expect(share).toBeCloseTo(above / count, 9);
    }
  });

  it('is nothing for a network that sees each pixel alone, and infinite for one that finds nothing', async () => {
    const image = noise(4);
    const same = await predictPair(
      (slice) => Promise.resolve(slice.image.slice()),
      { image, width, height },
      null,
    );
    expect(flipScore(addFlip(noFlipSums, same)).disagreement).toBe(0);
    const nothing = await predictPair(
      (slice) => Promise.resolve(slice.image.map((value) => 0.4 * value)),
      { image, width, height },
      null,
    );
    expect(flipScore(addFlip(noFlipSums, nothing)).share).toBe(0);
  });

  it('turns the second answer back to where the first lies', async () => {
    const image = noise(5);
    const pair = await predictPair(
      ({ image: seen, width: wide }) =>
        Promise.resolve(seen.map((value, at) => (at % wide === 0 ? 1 : value))),
      { image, width, height },
      null,
    );
    // The first answer marks the left column, the second, of the transpose, the top row.
    expect(pair.map[7 * width]).toBe(1);
    expect(pair.other[7]).toBe(1);
    expect(pair.other[7 * width + 7]).toBe(image[7 * width + 7]);
  });
});

/** e to the entropy of the sizes of the cells between walls, counted one by one. */
function evenness(map: Float32Array): number {
  const sizes = new Map<string, number>();
  map.forEach((value, at) => {
    if (value >= 0.5) return;
    const key = `${String(Math.floor((at % width) / 12))} ${String(Math.floor(at / width / 12))}`;
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  });
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return Math.exp(
    -[...sizes.values()].reduce((sum, size) => sum + (size / total) * Math.log(size / total), 0),
  );
}

describe('agreement of cells', () => {
  it('is whole for equal maps and falls when a wall opens', () => {
    const whole = walls(12);
    const opened = walls(12, [6 * width + 12, 7 * width + 12, 8 * width + 12]);
    const same = cellAgreement(pairOf(whole, whole), 0.5);
    expect(same.vInfo).toBeCloseTo(1, 6);
    expect(same.cells).toBeCloseTo(evenness(whole), 6);
    const less = cellAgreement(pairOf(whole, opened), 0.5);
    expect(less.vInfo).toBeLessThan(0.99);
    expect(less.vInfo).toBe(cellAgreement(pairOf(opened, whole), 0.5).vInfo);
    expect(cellAgreement(pairOf(whole, whole), 0.02).cells).toBe(0);
  });

  it('does not look at what is not known', () => {
    const opened = walls(12, [6 * width + 36, 7 * width + 36]);
    const known = Uint8Array.from(opened, (_, at) => (at % width < 24 ? 1 : 0));
    expect(cellAgreement(pairOf(walls(12), opened, known), 0.5).vInfo).toBeCloseTo(1, 6);
  });

  it('of a map without walls is none', () => {
    const flat = new Float32Array(width * height);
    expect(cellAgreement(pairOf(flat, flat), 0.5).vInfo).toBe(0);
  });
});

/** A network whose disagreement is a formula of how slices are shown. */
function asking(
  formula: (shown: ShownAs) => number,
  share: (shown: ShownAs) => number = () => 0.2,
): { readonly ask: Ask; readonly asked: ShownAs[] } {
  const asked: ShownAs[] = [];
  const ask: Ask = (shown) => {
    asked.push(shown);
    return Promise.resolve({ disagreement: formula(shown), share: share(shown) });
  };
  return { ask, asked };
}

const far = (shown: ShownAs, smoothing: number, flatField: number): number =>
  0.1 +
  0.2 * Math.abs(shown.smoothing - smoothing) +
  0.002 * Math.abs(shown.flatField - flatField) +
  (shown.inverted ? 0.4 : 0);

describe('the search for a conditioning', () => {
  it('stays with slices as they are where nothing is clearly better', async () => {
    const { ask } = asking((shown) => 0.127 - 0.004 * shown.smoothing);
    expect((await searchConditioning(ask, { scales: true })).chosen).toEqual(asItIs);
  });

  it('finds the smoothing and flat field that steady the answer', async () => {
    for (const [smoothing, flatField] of [
      [1, 0],
      [1.5, 64],
      [2, 64],
    ] as const) {
      const { ask } = asking((shown) => far(shown, smoothing, flatField));
      const { chosen, tried } = await searchConditioning(ask, { scales: false });
      expect(chosen).toEqual({ ...asItIs, smoothing, flatField });
      expect(tried.every(({ shown }) => shown.smoothing <= 2)).toBe(true);
    }
  });

  it('turns bright membranes around', async () => {
    const { ask } = asking((shown) => (shown.inverted ? 0.1 : 0.5));
    expect((await searchConditioning(ask, { scales: false })).chosen).toEqual({
      ...asItIs,
      inverted: true,
    });
  });

  it('turns nothing around because its membranes are sparse', async () => {
    const { ask } = asking(
      () => 0.15,
      (shown) => (shown.inverted ? 0.1 : 0.02),
    );
    expect((await searchConditioning(ask, { scales: false })).chosen.inverted).toBe(false);
  });

  it('takes no steady answer that draws next to nothing, or nearly everything', async () => {
    for (const absurd of [0.005, 0.9]) {
      const { ask } = asking(
        (shown) => (shown.smoothing === 2 ? 0.01 : 0.2),
        (shown) => (shown.smoothing === 2 ? absurd : 0.2),
      );
      expect((await searchConditioning(ask, { scales: false })).chosen).toEqual(asItIs);
    }
  });

  it('proposes a scale and applies none', async () => {
    const { ask } = asking((shown) => (shown.scale === 2 ? 0.06 : 0.15));
    const found = await searchConditioning(ask, { scales: true });
    expect([found.proposedScale, found.chosen.scale]).toEqual([2, 1]);
    const { ask: other, asked } = asking(() => 0.15);
    expect((await searchConditioning(other, { scales: false })).proposedScale).toBeNull();
    expect(asked.every(({ scale }) => scale === 1)).toBe(true);
  });

  it('chooses nothing where the network finds nothing in any way', async () => {
    const { ask } = asking(
      () => Number.POSITIVE_INFINITY,
      () => 0,
    );
    const found = await searchConditioning(ask, { scales: true });
    expect([found.chosen, found.proposedScale]).toEqual([asItIs, null]);
  });
});

describe('a crop', () => {
  it('is what lies there, and a smaller picture is taken whole', () => {
    const image = noise(6);
    const place = { x: 0.5, y: 0.5, side: 16 };
    const { crop } = cropOf({ image, width, height }, null, [place]);
    expect([crop.width, crop.height]).toEqual([16, 16]);
    expect(crop.image[0]).toBe(image[12 * width + 16]);
    expect(cropOf({ image, width, height }, null, placesFor(0, 'large', 1)).crop).toEqual({
      image,
      width,
      height,
    });
  });

  it('goes where the slice is known', () => {
    const known = Uint8Array.from(noise(7), (_, at) => (at % width >= 24 ? 1 : 0));
    const places = [
      { x: 0.1, y: 0.5, side: 16 },
      { x: 0.8, y: 0.5, side: 16 },
    ];
    const { known: own } = cropOf({ image: noise(6), width, height }, known, places);
    expect(own?.every((one) => one === 1)).toBe(true);
  });
});

describe('the light', () => {
  const agreement = (vInfo: number) => ({ threshold: 0.2, vInfo, cells: 100 });
  it('is green at home, yellow in doubt, red where cells, maps or membranes make no sense', () => {
    const fine = { disagreement: 0.12, share: 0.2 };
    const large = 1024 * 1024;
    expect(lightOf(agreement(0.99), fine, large)).toBe('green');
    expect(lightOf(agreement(0.93), fine, large)).toBe('yellow');
    expect(lightOf(agreement(0.7), fine, large)).toBe('red');
    expect(
      lightOf(agreement(0.99), { ...fine, disagreement: Number.POSITIVE_INFINITY }, large),
    ).toBe('red');
    expect(lightOf(agreement(0.99), { disagreement: 0.1, share: 0.001 }, large)).toBe('red');
    expect(lightOf({ ...agreement(0.99), cells: 2.5 }, fine, large)).toBe('red');
    expect(lightOf({ ...agreement(0.99), cells: 2.5 }, fine, 128 * 128)).toBe('green');
  });
});

describe('the steadier threshold', () => {
  const at = (...measured: readonly (readonly [number, number])[]) =>
    measured.map(([threshold, vInfo]) => ({ threshold, vInfo, cells: 50 }));
  const chosen = (
    own: readonly [number, number],
    ...tried: readonly (readonly [number, number])[]
  ) => steadiest(at(...tried), { threshold: own[0], vInfo: own[1], cells: 50 })?.threshold ?? null;

  it('is the nearest to the own one of those that are nearly the best', () => {
    expect(chosen([0.18, 0.93], [0.03, 0.969], [0.05, 0.963], [0.08, 0.951], [0.5, 0.89])).toBe(
      0.05,
    );
    expect(chosen([0.1, 0.9], [0.03, 0.92], [0.2, 0.93], [0.5, 0.935])).toBe(0.2);
  });

  it('is none where the own one is as good, or none gives cells that agree', () => {
    expect(chosen([0.18, 0.977], [0.05, 0.978], [0.08, 0.981], [0.2, 0.977])).toBeNull();
    expect(chosen([0.18, 0.5], [0.05, 0.8], [0.5, 0.6])).toBeNull();
  });
});
