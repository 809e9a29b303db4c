import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  classOf,
  confirmed,
  INTERIOR,
  isConfirmed,
  MEMBRANE,
  UNTOUCHED,
  VOID,
} from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE, type TileAddress } from '#contract/tiles';
import { MemoryDisk } from './memory-disk';
import { everywhere, type PaintRule } from './paint-mode';
import { areaOfRect, areaPixelCount, maskOfArea } from './pixel-area';
import {
  anyPart,
  anySeed,
  HEIGHT,
  LabelScene,
  patchwork,
  scene,
  slice,
  WIDTH,
} from './testing/label-scene';

let at: LabelScene;

beforeEach(async () => {
  at = await LabelScene.open();
});

describe('confirming and un-reviewing an area', () => {
  const shownAt = (x: number, y: number): number =>
    [0, INTERIOR, MEMBRANE][(x + (y >> 2)) % 3] ?? 0;
  const tiles = [0, 1].map((ty) =>
    [0, 1].map((tx) =>
      new Uint8Array(TILE_PIXELS).map((_, i) =>
        shownAt(tx * TILE_SIZE + (i % TILE_SIZE), ty * TILE_SIZE + Math.floor(i / TILE_SIZE)),
      ),
    ),
  );
  const shown = ({ tx, ty }: TileAddress): Uint8Array | null => tiles[ty]?.[tx] ?? null;

  it('confirms what is shown where nobody has looked, and nothing else', () => {
    let confirmedInAll = 0;
    fc.assert(
      fc.property(anySeed, anyPart, (n, area) => {
        const before = patchwork(n);
        at.paint(before);
        const inside = maskOfArea(area, scene);
        const told = at.session.confirmArea(0, 'Confirm brush', area, shown);
        const expected = before.map((byte, i) => {
          const id = shownAt(scene.x + (i % scene.width), scene.y + Math.floor(i / scene.width));
          return inside[i] === 1 && byte === UNTOUCHED && id !== 0 ? confirmed(id) : byte;
        });
        expect(Buffer.compare(at.read(), expected)).toBe(0);
        expect(told).toBe(expected.filter((byte, i) => byte !== before[i]).length);
        confirmedInAll += told;
        expect(at.wrongAfterUndo(before, told)).toBeNull();
      }),
      { numRuns: 40, seed: 2026 },
    );
    expect(confirmedInAll).toBeGreaterThan(2_000);
  });

  it('takes confirmations back, but not what was painted, nor a locked class', () => {
    let takenBack = 0;
    fc.assert(
      fc.property(anySeed, anyPart, fc.subarray([INTERIOR, MEMBRANE]), (n, area, locks) => {
        const before = patchwork(n);
        at.paint(before);
        const inside = maskOfArea(area, scene);
        const told = at.session.unreview(0, 'Un-review', area, new Set(locks));
        const expected = before.map((byte, i) =>
          inside[i] === 1 && isConfirmed(byte) && !locks.includes(classOf(byte)) ? UNTOUCHED : byte,
        );
        expect(Buffer.compare(at.read(), expected)).toBe(0);
        expect(told).toBe(expected.filter((byte, i) => byte !== before[i]).length);
        takenBack += told;
        expect(at.wrongAfterUndo(before, told)).toBeNull();
      }),
      { numRuns: 40, seed: 2026 },
    );
    expect(takenBack).toBeGreaterThan(5_000);
  });
});

describe('an edit of an area', () => {
  const area = areaOfRect({ x: 500, y: 500, width: 30, height: 30 }, WIDTH, HEIGHT);

  it('is refused while a stroke is open, where a tile is not loaded, and in a project to be read only', async () => {
    const stroke = at.session.beginStroke({
      z: 0,
      label: MEMBRANE,
      radius: 5,
      rule: everywhere,
      name: 'Brush',
    });
    expect(() => at.session.paint(0, 'Fill', area, MEMBRANE, everywhere)).toThrow(/stroke is open/);
    stroke.abort();
    expect(() => at.session.paint(1, 'Fill', area, MEMBRANE, everywhere)).toThrow(/not loaded/);
    const reader = new MemoryDisk().session(WIDTH, HEIGHT, { access: 'read-only' });
    await reader.load(0, slice);
    expect(() => reader.unreview(0, 'Un-review', area)).toThrow(/reading only/);
  });

  it('needs a label for every pixel', () => {
    const bytes = new Uint8Array(areaPixelCount(area) - 1);
    expect(() => at.session.write(0, 'Smooth', area, bytes, everywhere)).toThrow(RangeError);
    expect(at.session.undoName).toBeNull();
  });

  it('that fails half-way leaves everything as it was', () => {
    at.paint(patchwork(9));
    const before = at.read();
    const shown = ({ ty }: TileAddress): Uint8Array => {
      if (ty === 1) throw new Error('the prediction could not be read');
      return new Uint8Array(TILE_PIXELS).fill(MEMBRANE);
    };
    const all = areaOfRect(slice, WIDTH, HEIGHT);
    expect(() => at.session.confirmArea(0, 'Confirm slice', all, shown)).toThrow(
      /could not be read/,
    );
    expect(Buffer.compare(at.read(), before)).toBe(0);
    expect(at.isAlone()).toBe(true);
    expect(at.session.undoName).toBe('Scene');
  });

  it('takes void like any class: painted, filled over, locked', () => {
    expect(at.session.paint(0, 'Fill', area, VOID, everywhere)).toBe(900);
    expect(
      at.session.paint(0, 'Fill', area, MEMBRANE, { ...everywhere, locked: new Set([VOID]) }),
    ).toBe(0);
    const onlyVoid: PaintRule = { ...everywhere, overwrite: { kind: 'only-class', class: VOID } };
    expect(at.session.paint(0, 'Fill', area, MEMBRANE, onlyVoid)).toBe(900);
    expect(at.session.undo()).toMatchObject({ name: 'Fill' });
    expect(at.session.tiles.labelAt(0, 511, 511)).toBe(VOID);
  });
});

describe('reading labels', () => {
  it('gives a rectangle across tiles, clipped to the slice; null while a tile is missing', async () => {
    at.paint(patchwork(3));
    const field = at.session.readField(0, { x: 500, y: 500, width: 300, height: 300 });
    expect(field?.rect).toEqual({ x: 500, y: 500, width: 100, height: 60 });
    const wrong = field?.data.findIndex(
      (byte, i) => byte !== at.session.tiles.labelAt(0, 500 + (i % 100), 500 + Math.floor(i / 100)),
    );
    expect(wrong).toBe(-1);
    expect(new Set(field?.data).size).toBeGreaterThan(5);
    expect(at.session.readField(1, scene)).toBeNull();
    await at.session.load(1, { x: 0, y: 0, width: 100, height: 100 });
    expect(at.session.readField(1, { x: 500, y: 10, width: 20, height: 20 })).toBeNull();
    expect(at.session.readField(1, { x: 490, y: 10, width: 20, height: 20 })?.data).toHaveLength(
      400,
    );
    expect(at.session.readField(0, { x: 600, y: 0, width: 5, height: 5 })).toBeNull();
  });
});
