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
import type { ByteField } from './byte-field';
import type { LabelSession } from './label-session';
import { MemoryDisk } from './memory-disk';
import { everywhere, type Overwrite, type PaintRule } from './paint-mode';
import { areaFromMask, areaOfRect, areaPixelCount, maskOfArea, type PixelArea } from './pixel-area';
import type { Point } from './rasterize';
import { anyNumber } from './testing/random-fields';

const WIDTH = 600;
const HEIGHT = 560;
const slice = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
/** A window over the corner where four tiles meet: everything here happens in it. */
const scene = { x: 480, y: 476, width: 72, height: 76 };
const MITOCHONDRION = 5;
const labels = [
  UNTOUCHED,
  INTERIOR,
  MEMBRANE,
  MITOCHONDRION,
  VOID,
  confirmed(INTERIOR),
  confirmed(MEMBRANE),
  confirmed(VOID),
];

let session: LabelSession;

beforeEach(async () => {
  session = new MemoryDisk().session(WIDTH, HEIGHT);
  await session.load(0, slice);
});

/** Labels of the scene, in patches of some pixels, the same for the same seed. */
function patchwork(seed: number): Uint8Array {
  return Uint8Array.from({ length: scene.width * scene.height }, (_, i) => {
    const [column, row] = [Math.floor((i % scene.width) / 6), Math.floor(i / scene.width / 5)];
    const hash = Math.imul(column * 31 + row * 577 + seed * 7919, 0x9e3779b1) >>> 24;
    return labels[hash % labels.length] ?? 0;
  });
}

function paintScene(bytes: Uint8Array): void {
  session.write(0, 'Scene', areaOfRect(scene, WIDTH, HEIGHT), bytes, everywhere);
}

function read(): Uint8Array {
  const field = session.readField(0, scene);
  if (!field) throw new Error('not loaded');
  return field.data;
}

/** Every label byte outside the scene is untouched. */
function sceneAlone(): boolean {
  const all = session.readField(0, slice);
  const inside = maskOfArea(areaOfRect(scene, WIDTH, HEIGHT), slice);
  return all?.data.every((byte, i) => byte === UNTOUCHED || inside[i] === 1) ?? false;
}

const overwrite: fc.Arbitrary<Overwrite> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.constant({ kind: 'untouched' as const }),
  fc.record({
    kind: fc.constant('only-class' as const),
    class: fc.constantFrom(INTERIOR, MEMBRANE, VOID),
  }),
);
const gateRect = fc.record({
  x: fc.integer({ min: 470, max: 520 }),
  y: fc.integer({ min: 470, max: 520 }),
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
});
const gate = gateRect.chain((rect) =>
  fc.record({
    field: fc.constant<ByteField>({
      rect,
      data: Uint8Array.from({ length: rect.width * rect.height }, (_, i) => (i * 37) % 256),
    }),
    min: fc.integer({ min: 0, max: 90 }),
    max: fc.integer({ min: 80, max: 255 }),
  }),
);
const rule: fc.Arbitrary<PaintRule> = fc.record({
  overwrite,
  locked: fc.subarray([INTERIOR, MEMBRANE, VOID]).map((ids) => new Set(ids)),
  gate: fc.option(gate, { nil: null }),
});

/** The rule in so many words. */
function may({ overwrite, locked, gate }: PaintRule, byte: number, x: number, y: number): boolean {
  if (locked.has(classOf(byte))) return false;
  if (overwrite.kind === 'untouched' && classOf(byte) !== UNTOUCHED) return false;
  if (overwrite.kind === 'only-class' && classOf(byte) !== overwrite.class) return false;
  if (!gate) return true;
  const { rect, data } = gate.field;
  if (x < rect.x || y < rect.y || x >= rect.x + rect.width || y >= rect.y + rect.height)
    return false;
  const value = data[(y - rect.y) * rect.width + x - rect.x] ?? 0;
  return gate.min <= value && value <= gate.max;
}

const place = fc.record({ x: anyNumber(470, 560), y: anyNumber(470, 559) });
const shape: fc.Arbitrary<PixelArea> = fc.uint8Array({ minLength: 40, maxLength: 40 }).map((bits) =>
  areaFromMask(
    Uint8Array.from({ length: scene.width * scene.height }, (_, i) => {
      const [column, row] = [Math.floor((i % scene.width) / 9), Math.floor(i / scene.width / 15)];
      return (bits[row * 8 + column] ?? 0) & 1;
    }),
    scene,
  ),
);
const label = fc.constantFrom(...labels);
const seed = fc.integer({ min: 1, max: 400 });

/** How many pixels an edit changed and how many the rule held back, to see that both happened. */
const tally = { changed: 0, heldBack: 0, locked: 0 };

function compare(
  before: Uint8Array,
  wanted: (i: number) => number | null,
  rule: PaintRule,
): number {
  let changed = 0;
  const expected = before.map((byte, i) => {
    const next = wanted(i);
    if (next === null || next === byte) return byte;
    const [x, y] = [scene.x + (i % scene.width), scene.y + Math.floor(i / scene.width)];
    if (!may(rule, byte, x, y)) {
      tally.heldBack += 1;
      if (rule.locked.has(classOf(byte))) tally.locked += 1;
      return byte;
    }
    changed += 1;
    return next;
  });
  expect(Buffer.compare(read(), expected)).toBe(0);
  tally.changed += changed;
  return changed;
}

/** Undoes the edit and the scene; nothing may be left. */
function undoAll(before: Uint8Array, changed: number): void {
  expect(sceneAlone()).toBe(true);
  if (changed > 0) session.undo();
  expect(Buffer.compare(read(), before)).toBe(0);
  while (session.undo());
  expect(read().every((byte) => byte === UNTOUCHED)).toBe(true);
}

describe('the paint rule', () => {
  beforeEach(() => {
    Object.assign(tally, { changed: 0, heldBack: 0, locked: 0 });
  });

  const bothHappened = (): void => {
    expect(tally.changed).toBeGreaterThan(1_500);
    expect(tally.heldBack).toBeGreaterThan(5_000);
    expect(tally.locked).toBeGreaterThan(2_000);
  };

  it('holds for an area, which is one step and undone as one', () => {
    fc.assert(
      fc.property(seed, shape, label, rule, (n, area, byte, rule) => {
        const before = patchwork(n);
        paintScene(before);
        const told = session.paint(0, 'Fill', area, byte, rule);
        const inside = maskOfArea(area, scene);
        const changed = compare(before, (i) => (inside[i] === 1 ? byte : null), rule);
        expect(told).toBe(changed);
        expect(session.undoName).toBe(changed > 0 ? 'Fill' : 'Scene');
        undoAll(before, changed);
      }),
      { numRuns: 50 },
    );
    bothHappened();
  });

  it('holds for an area with a label of its own for every pixel', () => {
    fc.assert(
      fc.property(seed, seed, shape, rule, (n, other, area, rule) => {
        const before = patchwork(n);
        const inside = maskOfArea(area, scene);
        const wanted = patchwork(other);
        paintScene(before);
        const bytes = wanted.filter((_, i) => inside[i] === 1);
        const told = session.write(0, 'Smooth', area, bytes, rule);
        const changed = compare(before, (i) => (inside[i] === 1 ? (wanted[i] ?? 0) : null), rule);
        expect(told).toBe(changed);
        undoAll(before, changed);
      }),
      { numRuns: 50 },
    );
    bothHappened();
  });

  it('holds for a stroke, whatever it crosses', () => {
    const path = fc.array(place, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(seed, path, anyNumber(0.5, 16), label, rule, (n, points, radius, byte, rule) => {
        const before = patchwork(n);
        paintScene(before);
        // What a stroke without any rule reaches; other tests hold that against geometry.
        const reach = reached(points, radius);
        const stroke = session.beginStroke({ z: 0, label: byte, radius, rule, name: 'Brush' });
        stroke.extend(points);
        const kept = stroke.commit();
        const changed = compare(before, (i) => (reach[i] === 1 ? byte : null), rule);
        // A stroke may leave the scene, where everything is untouched.
        if (changed > 0) expect(kept).toBe(true);
        while (session.undo());
        expect(read().every((byte) => byte === UNTOUCHED)).toBe(true);
      }),
      { numRuns: 50 },
    );
    bothHappened();
  });

  function reached(points: readonly Point[], radius: number): Uint8Array {
    const before = read();
    const mark = 0x7e;
    expect(before).not.toContain(mark);
    const stroke = session.beginStroke({
      z: 0,
      label: mark,
      radius,
      rule: everywhere,
      name: 'Mark',
    });
    stroke.extend(points);
    const reach = read().map((byte) => (byte === mark ? 1 : 0));
    stroke.abort();
    expect(Buffer.compare(read(), before)).toBe(0);
    return reach;
  }
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
      fc.property(seed, shape, (n, area) => {
        const before = patchwork(n);
        paintScene(before);
        const inside = maskOfArea(area, scene);
        const told = session.confirmArea(0, 'Confirm brush', area, shown);
        const expected = before.map((byte, i) => {
          const id = shownAt(scene.x + (i % scene.width), scene.y + Math.floor(i / scene.width));
          return inside[i] === 1 && byte === UNTOUCHED && id !== 0 ? confirmed(id) : byte;
        });
        expect(Buffer.compare(read(), expected)).toBe(0);
        expect(told).toBe(expected.filter((byte, i) => byte !== before[i]).length);
        confirmedInAll += told;
        undoAll(before, told);
      }),
      { numRuns: 40 },
    );
    expect(confirmedInAll).toBeGreaterThan(2_000);
  });

  it('takes confirmations back, but not what was painted, nor a locked class', () => {
    let takenBack = 0;
    fc.assert(
      fc.property(seed, shape, fc.subarray([INTERIOR, MEMBRANE]), (n, area, locks) => {
        const before = patchwork(n);
        paintScene(before);
        const inside = maskOfArea(area, scene);
        const told = session.unreview(0, 'Un-review', area, new Set(locks));
        const expected = before.map((byte, i) =>
          inside[i] === 1 && isConfirmed(byte) && !locks.includes(classOf(byte)) ? UNTOUCHED : byte,
        );
        expect(Buffer.compare(read(), expected)).toBe(0);
        expect(told).toBe(expected.filter((byte, i) => byte !== before[i]).length);
        takenBack += told;
        undoAll(before, told);
      }),
      { numRuns: 40 },
    );
    expect(takenBack).toBeGreaterThan(5_000);
  });
});

describe('an edit of an area', () => {
  const area = areaOfRect({ x: 500, y: 500, width: 30, height: 30 }, WIDTH, HEIGHT);

  it('is refused while a stroke is open, where a tile is not loaded, and in a project to be read only', async () => {
    const stroke = session.beginStroke({
      z: 0,
      label: MEMBRANE,
      radius: 5,
      rule: everywhere,
      name: 'Brush',
    });
    expect(() => session.paint(0, 'Fill', area, MEMBRANE, everywhere)).toThrow(/stroke is open/);
    stroke.abort();
    expect(() => session.paint(1, 'Fill', area, MEMBRANE, everywhere)).toThrow(/not loaded/);
    const reader = new MemoryDisk().session(WIDTH, HEIGHT, { access: 'read-only' });
    await reader.load(0, slice);
    expect(() => reader.unreview(0, 'Un-review', area)).toThrow(/reading only/);
  });

  it('needs a label for every pixel', () => {
    const bytes = new Uint8Array(areaPixelCount(area) - 1);
    expect(() => session.write(0, 'Smooth', area, bytes, everywhere)).toThrow(RangeError);
    expect(session.undoName).toBeNull();
  });

  it('that fails half-way leaves everything as it was', () => {
    paintScene(patchwork(9));
    const before = read();
    const shown = ({ ty }: TileAddress): Uint8Array => {
      if (ty === 1) throw new Error('the prediction could not be read');
      return new Uint8Array(TILE_PIXELS).fill(MEMBRANE);
    };
    const all = areaOfRect(slice, WIDTH, HEIGHT);
    expect(() => session.confirmArea(0, 'Confirm slice', all, shown)).toThrow(/could not be read/);
    expect(Buffer.compare(read(), before)).toBe(0);
    expect(sceneAlone()).toBe(true);
    expect(session.undoName).toBe('Scene');
  });

  it('takes void like any class: painted, filled over, locked', () => {
    expect(session.paint(0, 'Fill', area, VOID, everywhere)).toBe(900);
    expect(
      session.paint(0, 'Fill', area, MEMBRANE, { ...everywhere, locked: new Set([VOID]) }),
    ).toBe(0);
    const onlyVoid: PaintRule = { ...everywhere, overwrite: { kind: 'only-class', class: VOID } };
    expect(session.paint(0, 'Fill', area, MEMBRANE, onlyVoid)).toBe(900);
    expect(session.undo()).toMatchObject({ name: 'Fill' });
    expect(session.tiles.labelAt(0, 511, 511)).toBe(VOID);
  });
});

describe('reading labels', () => {
  it('gives a rectangle across tiles, clipped to the slice; null while a tile is missing', async () => {
    paintScene(patchwork(3));
    const field = session.readField(0, { x: 500, y: 500, width: 300, height: 300 });
    expect(field?.rect).toEqual({ x: 500, y: 500, width: 100, height: 60 });
    const wrong = field?.data.findIndex(
      (byte, i) => byte !== session.tiles.labelAt(0, 500 + (i % 100), 500 + Math.floor(i / 100)),
    );
    expect(wrong).toBe(-1);
    expect(new Set(field?.data).size).toBeGreaterThan(5);
    expect(session.readField(1, scene)).toBeNull();
    await session.load(1, { x: 0, y: 0, width: 100, height: 100 });
    expect(session.readField(1, { x: 500, y: 10, width: 20, height: 20 })).toBeNull();
    expect(session.readField(1, { x: 490, y: 10, width: 20, height: 20 })?.data).toHaveLength(400);
    expect(session.readField(0, { x: 600, y: 0, width: 5, height: 5 })).toBeNull();
  });
});
