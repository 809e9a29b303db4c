import { expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { placeGrey, placeMask, type Place } from './place-picture';
import type { TileSource } from '../chunks/tile-source';

const model = ModelId.parse('m1');
const size = { width: TILE_SIZE + 300, height: TILE_SIZE + 200 };
const place: Place = {
  z: 3,
  rect: { x: TILE_SIZE - 7, y: TILE_SIZE - 5, width: 20, height: 12 },
  size,
};
const { signal } = new AbortController();

/** What a pixel of the slice holds: bands of probability, and a line at x = 510. */
const probabilityAt = (x: number, y: number): number => (x + y) % 256;
const onLine = (x: number): boolean => x === TILE_SIZE - 2;

function tile(value: (x: number, y: number) => number, tx: number, ty: number): Uint8Array {
  return Uint8Array.from({ length: TILE_PIXELS }, (_, i) =>
    value(tx * TILE_SIZE + (i % TILE_SIZE), ty * TILE_SIZE + Math.floor(i / TILE_SIZE)),
  );
}

function source(predicted: boolean): TileSource {
  return {
    raw: (_z, _level, tx, ty) => Promise.resolve(tile((x, y) => (x ^ y) & 255, tx, ty)),
    probability: (_model, _z, _level, tx, ty) =>
      Promise.resolve(predicted ? tile(probabilityAt, tx, ty) : null),
    line: (_model, _z, from, _level, tx, ty) => {
      expect(from).toBe(26);
      // A tile without a line answers nothing.
      return Promise.resolve(tx > 0 ? null : tile((x) => (onLine(x) ? 255 : 0), tx, ty));
    },
    classMap: () => Promise.resolve(null),
    ids: () => Promise.resolve(null),
    truth: () => Promise.resolve(null),
  };
}

it('a place across four tiles has the mask of its pixels, line and all', async () => {
  const mask = await placeMask(source(true), model, { pixel: 0.5, cells: 0.1 }, place, signal);
  const { x, y, width, height } = place.rect;
  const expected = Array.from({ length: width * height }, (_, i) => {
    const [px, py] = [x + (i % width), y + Math.floor(i / width)];
    return probabilityAt(px, py) >= 128 || onLine(px) ? 1 : 0;
  });
  expect([...(mask ?? [])]).toEqual(expected);
  expect(new Set(expected).size).toBe(2);
});

it('has none where the version has predicted nothing', async () => {
  const mask = { pixel: 0.5, cells: 0.5 };
  expect(await placeMask(source(false), model, mask, place, signal)).toBeNull();
});

it('has the greys of its pixels', async () => {
  const window = { min: 0, max: 255, gamma: 1, invert: false };
  const grey = await placeGrey(source(true), window, place, signal);
  const { x, y, width } = place.rect;
  for (const [i, pixel] of grey.entries()) {
    const [px, py] = [x + (i % width), y + Math.floor(i / width)];
    expect(pixel & 255).toBe((px ^ py) & 255);
  }
});
