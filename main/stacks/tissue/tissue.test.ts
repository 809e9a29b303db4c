import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { NOTHING, OUTLIER, TISSUE } from './marks';
import { mapped, padded, type Picture, random, realTissue, region } from './testing/pictures';
import { findTissue, type Tissue } from './tissue';
import { emptyAreas } from './tissue-areas';
import { tissueNote } from './tissue-notes';

let tissue: Picture;

beforeAll(async () => {
  tissue = await realTissue();
});

/** Deviation of noise in grey values, a little under which the sample's cells are hard to see. */
const DROWNED = 260;

/** Four of a picture, each the mirror of its neighbours. */
function mirrored({ width, height, values }: Picture): Picture {
  const folded = (at: number, side: number): number => (at < side ? at : 2 * side - 1 - at);
  return {
    width: 2 * width,
    height: 2 * height,
    values: Float64Array.from({ length: 4 * width * height }, (_, i) => {
      const [x, y] = [i % (2 * width), Math.floor(i / (2 * width))];
      return values[folded(y, height) * width + folded(x, width)] ?? 0;
    }),
  };
}

/** Share of the pixels inside and outside of a rectangle that are marked as nothing. */
function lost(
  { marks, width, height, box }: Tissue,
  rect: { x: number; y: number; width: number; height: number },
): { inside: number; outside: number } {
  let inside = 0;
  let outside = 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const nothing = box === null || marks?.[y * width + x] === NOTHING;
      if (!nothing) continue;
      const within =
        x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
      if (within) inside += 1;
      else outside += 1;
    }
  const area = rect.width * rect.height;
  return { inside: inside / area, outside: outside / Math.max(1, width * height - area) };
}

/** Letters as blocks of 3 × 5, every other pixel of them white. */
const lettering = (x: number, y: number, from: number): boolean =>
  y >= from + 8 && y < from + 16 && x > 10 && x < 150 && x % 6 < 4 && (x + y) % 3 > 0;

describe('slices of tissue', () => {
  it.each([0, 1, 2, 3])('are tissue everywhere (crop %i)', async (z) => {
    const found = findTissue(region(await realTissue(z)));
    expect(found).toMatchObject({ marks: null, share: 1, empty: [], outliers: 0 });
    expect(tissueNote(found)).toBe('');
    expect(emptyAreas(found)).toEqual([]);
  });

  it.each(['uint16', 'int16', 'float32', 'float64'] as const)(
    'are so in other types, scales and offsets (%s)',
    (type) => {
      const scales = type.startsWith('float') ? [1e-12, 1e-6, 1, 1e6] : [1, 16, 100];
      for (const scale of scales)
        for (const offset of [0, 300]) {
          const scaled = mapped(tissue, (value) => value * scale + offset * scale);
          expect(findTissue(region(scaled, type)).marks).toBeNull();
        }
    },
  );

  it('keep dark and white structures, saturated or not, also at the edge', () => {
    const noise = random(3);
    for (const fill of [() => 255, () => 0, () => 235 + 6 * noise()])
      for (const [cx, cy] of [
        [128, 128],
        [0, 120],
      ] as const) {
        const vessel = mapped(tissue, (value, x, y) =>
          (x - cx) ** 2 + (y - cy) ** 2 < 40 ** 2 ? Math.round(fill()) : value,
        );
        expect(findTissue(region(vessel)).share).toBe(1);
      }
  });

  it('of two values have no no-data value', () => {
    const drawn = mapped(tissue, (value) => (value > 120 ? 255 : 0));
    const kinds = findTissue(region(drawn)).empty.map(({ kind }) => kind);
    expect(kinds).not.toContain('no-data');
  });
});

it('noise alone is no tissue; tissue under strong noise is', () => {
  const noise = random(17);
  const bell = (): number => 1.73 * (noise() + noise() + noise() + noise() - 2);
  const camera = mapped(tissue, () => Math.round(128 + 12 * bell()));
  const blank = findTissue(region(camera));
  expect(blank.box).toBeNull();
  expect(tissueNote(blank)).toBe('no tissue (noise without any structure: the slice is blank)');
  const shaded = mapped(tissue, (_, x) => Math.round(100 + x / 4 + 5 * bell()));
  expect(findTissue(region(shaded)).box).toBeNull();
  const pattern = mapped(tissue, (_, x, y) => (7 * (x + y * tissue.width) + y) % 251);
  expect(findTissue(region(pattern)).share).toBe(1);
  const buried = mapped(tissue, (value) => Math.round(1000 + value + 80 * bell()));
  expect(findTissue(region(buried, 'uint16')).share).toBe(1);
  const hot = mapped(tissue, (value) => (noise() < 0.004 ? 65_535 : value * 16));
  expect(findTissue(region(hot, 'uint16')).share).toBeGreaterThan(0.99);
});

it('a large slice is tissue where far more noise than tissue is in it', () => {
  const noise = random(23);
  const bell = (): number => 1.73 * (noise() + noise() + noise() + noise() - 2);
  const large = mapped(mirrored(tissue), (value) => Math.round(1000 + value + DROWNED * bell()));
  expect(findTissue(region(large, 'uint16')).share).toBe(1);
  const blank = mapped(large, () => Math.round(1000 + DROWNED * bell()));
  expect(findTissue(region(blank, 'uint16')).box).toBeNull();
});

describe('padding', () => {
  it.each([0, 255, 128, 17])('of value %i is nothing, on any side and of any width', (value) => {
    fc.assert(
      fc.property(
        fc.record({
          left: fc.integer({ min: 0, max: 90 }),
          right: fc.integer({ min: 0, max: 90 }),
          top: fc.integer({ min: 0, max: 90 }),
          bottom: fc.integer({ min: 0, max: 90 }),
        }),
        ({ left, right, top, bottom }) => {
          const margins = { left, right, top, bottom };
          const found = findTissue(region(padded(tissue, margins, () => value)));
          const rect = { x: left, y: top, width: tissue.width, height: tissue.height };
          const { inside, outside } = lost(found, rect);
          expect(inside).toBeLessThan(0.004);
          if (left + right + top + bottom > 0) {
            expect(outside).toBe(1);
            expect(tissueNote(found)).toMatch(new RegExp(`value ${value}`));
          }
        },
      ),
      { numRuns: 6, seed: 11 },
    );
  });

  it('with noise, blur or compression is nothing', () => {
    const noise = random(5);
    const margins = { left: 60, right: 40, top: 30, bottom: 50 };
    const rect = { x: 60, y: 30, width: tissue.width, height: tissue.height };
    const noisy = findTissue(region(padded(tissue, margins, () => Math.floor(4 * noise()))));
    expect(lost(noisy, rect).outside).toBeGreaterThan(0.99);
    expect(lost(noisy, rect).inside).toBeLessThan(0.005);
    // A camera's noise in the padding, stronger than what tissue's smoothest places hold.
    const bell = (): number => noise() + noise() + noise() + noise() - 2;
    const filmed = padded(tissue, margins, () => Math.max(0, Math.round(12 + 8.7 * bell())));
    const camera = findTissue(region(filmed));
    expect(lost(camera, rect).outside).toBeGreaterThan(0.98);
    expect(lost(camera, rect).inside).toBeLessThan(0.005);
    // What JPEG leaves within its block: a few steps up and down, up to seven pixels away.
    const rung = padded(tissue, margins, (x, y) => {
      const away = Math.max(60 - x, x - 315, 30 - y, y - 285);
      return away <= 7 ? Math.floor(noise() * (9 - away) * 3) : 0;
    });
    const compressed = findTissue(region(rung));
    expect(lost(compressed, rect).outside).toBeGreaterThan(0.97);
    expect(lost(compressed, rect).inside).toBeLessThan(0.01);
  });

  it('around turned tissue is nothing, and the mixed edge does not count', () => {
    const side = 300;
    const turned = mapped(
      { width: side, height: side, values: new Float64Array(side * side) },
      (_, x, y) => {
        const u = (x - 150) * Math.cos(0.3) + (y - 150) * Math.sin(0.3) + 128;
        const v = (y - 150) * Math.cos(0.3) - (x - 150) * Math.sin(0.3) + 128;
        // A little smaller than the crop; linear between its pixels and black.
        const share = (d: number): number => Math.max(0, Math.min(1, d + 0.5));
        const within = share(u - 28) * share(228 - u) * share(v - 28) * share(228 - v);
        const at = Math.round(v) * tissue.width + Math.round(u);
        return Math.round(within * (tissue.values[at] ?? 0));
      },
    );
    const found = findTissue(region(turned));
    expect(found.share).toBeGreaterThan(0.42);
    expect(found.share).toBeLessThan(0.46);
    expect(found.outliers).toBeGreaterThan(400);
  });
});

describe('bars', () => {
  it.each(['bottom', 'top'] as const)('at the %s are nothing, with their lettering', (side) => {
    for (const [ground, ink] of [
      [0, 255],
      [255, 0],
      [65_535, 0],
    ] as const) {
      const from = side === 'top' ? 0 : tissue.height;
      const picture = padded(tissue, { [side]: 24 }, (x, y) =>
        lettering(x, y, from) ? ink : ground,
      );
      const type = ground > 255 ? 'uint16' : 'uint8';
      const found = findTissue(region(picture, type));
      const rect = { x: 0, y: side === 'top' ? 24 : 0, width: 256, height: 256 };
      expect(lost(found, rect)).toEqual({ inside: 0, outside: 1 });
      expect(found.box).toEqual(rect);
    }
  });

  it('burnt into the picture are nothing', () => {
    const burnt = mapped(tissue, (value, x, y) =>
      x >= 150 && x < 230 && y >= 220 && y < 227 ? 255 : value,
    );
    const { inside, outside } = lost(findTissue(region(burnt)), {
      x: 150,
      y: 220,
      width: 80,
      height: 7,
    });
    expect([inside, outside]).toEqual([1, 0]);
  });
});

describe('values that mean that there is no data', () => {
  it.each([
    [-9999, 'float32'],
    [-3.4028234663852886e38, 'float32'],
    [1e20, 'float64'],
    [Number.NaN, 'float32'],
    [Infinity, 'float32'],
    [-32_768, 'int16'],
    [65_535, 'uint16'],
  ] as const)('are found: %d in %s', (value, type) => {
    const hole = { x: 40, y: 60, width: 70, height: 50 };
    const scale = type.startsWith('float') ? 1 / 255 : 4;
    const holed = mapped(tissue, (one, x, y) =>
      x >= 40 && x < 110 && y >= 60 && y < 110 ? value : one * scale,
    );
    const found = findTissue(region(holed, type));
    expect(lost(found, hole)).toEqual({ inside: 1, outside: 0 });
    expect(tissueNote(found)).toContain(
      Number.isFinite(value) ? String(Number(value.toPrecision(6))) : 'without a number',
    );
  });

  it('of transparent pixels are where alpha is 0', () => {
    const opaque = new Uint8Array(tissue.values.length).fill(1);
    opaque.fill(0, 0, 256 * 40);
    const found = findTissue(region(tissue, 'uint8', opaque));
    expect(found.box).toEqual({ x: 0, y: 40, width: 256, height: 216 });
    expect(tissueNote(found)).toContain('alpha');
  });
});

describe('hot pixels', () => {
  it.each([
    ['of one value', () => 65_535],
    ['of many values', random(9)],
  ])('%s are outliers, not holes', (_, value) => {
    const pick = random(2);
    const hot = mapped(tissue, (one) =>
      pick() < 0.004 ? 20_000 + 40_000 * Math.min(1, value()) : one * 12,
    );
    const found = findTissue(region(mapped(hot, Math.round), 'uint16'));
    expect(found.share).toBeGreaterThan(0.999);
    expect(found.outliers / tissue.values.length).toBeGreaterThan(0.0035);
    const marked = found.marks?.filter((mark) => mark === OUTLIER).length;
    expect(marked).toBe(found.outliers);
  });
});

describe('blank slices', () => {
  it.each([
    ['black', () => 0],
    ['white', () => 255],
    ['grey', () => 90],
    ['of rounding noise', random(4)],
  ])('%s hold nothing', (_, value) => {
    const found = findTissue(region(mapped(tissue, () => Math.round(value()))));
    expect(found).toMatchObject({ share: 0, box: null });
    expect(tissueNote(found)).toContain('no tissue');
    expect(emptyAreas(found)).toEqual([{ x: 0, y: 0, width: 256, height: 256 }]);
  });

  it('with a hot pixel hold nothing', () => {
    const hot = mapped(tissue, (_, x, y) => (x === 9 && y === 9 ? 65_535 : 90));
    expect(findTissue(region(hot, 'uint16')).box).toBeNull();
  });

  it('of floats are told by their own size', () => {
    expect(
      findTissue(
        region(
          mapped(tissue, () => 1e-9),
          'float32',
        ),
      ).box,
    ).toBeNull();
    const faint = mapped(tissue, (value) => 1 + value * 1e-5);
    expect(findTissue(region(faint, 'float32')).share).toBe(1);
  });
});

it('tells the empty parts as few rectangles that cover them', () => {
  const margins = { left: 60, right: 40, top: 30, bottom: 50 };
  const areas = emptyAreas(findTissue(region(padded(tissue, margins, () => 0))));
  expect(areas.length).toBeLessThan(12);
  const area = areas.reduce((sum, rect) => sum + rect.width * rect.height, 0);
  const empty = 356 * 336 - 256 * 256;
  expect(Math.abs(area - empty) / empty).toBeLessThan(0.03);
});

it('answers the same for the same slice', () => {
  const picture = padded(tissue, { left: 20, bottom: 9 }, () => 3);
  const once = findTissue(region(picture));
  expect(findTissue(region(picture))).toEqual(once);
  expect(once.marks?.[25]).toBe(TISSUE);
});
