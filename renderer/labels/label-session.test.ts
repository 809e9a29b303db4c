import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { MemoryDisk } from './memory-disk';
import { everywhere } from './paint-mode';
import { areaOfRect } from './pixel-area';
import {
  HEIGHT,
  onlyUntouched,
  opened,
  paint,
  same,
  snapshot,
  WIDTH,
} from './testing/small-session';

describe('a stroke', () => {
  it('paints across tile borders, is one step, and is undone as one', async () => {
    const session = await opened();
    const clean = snapshot(session);
    paint(session, [
      { x: 500, y: 500 },
      { x: 530, y: 520 },
      { x: 900, y: 530 },
    ]);
    expect(session.tiles.labelAt(0, 511, 511)).toBe(MEMBRANE);
    expect(session.tiles.labelAt(0, 512, 512)).toBe(MEMBRANE);
    expect(session.tiles.labelAt(0, 700, 526)).toBe(MEMBRANE);
    expect(session.tiles.labelAt(0, 700, 560)).toBe(UNTOUCHED);
    expect(session.tiles.labelAt(1, 700, 526)).toBe(UNTOUCHED);
    expect(session.undoName).toBe('Brush');
    expect(session.undo()).toMatchObject({ z: 0, name: 'Brush' });
    expect(same(snapshot(session), clean)).toBe(true);
    expect(session.undoName).toBeNull();
    expect(session.redoName).toBe('Brush');
  });

  it('leaves every pixel as it was when it is aborted, and nothing to undo or save', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    paint(session, [{ x: 200, y: 200 }], { label: INTERIOR, radius: 40 });
    await session.flushed();
    const before = snapshot(session);
    const stroke = session.beginStroke({
      z: 0,
      label: MEMBRANE,
      radius: 30,
      rule: everywhere,
      name: 'Brush',
    });
    stroke.extend([
      { x: 150, y: 190 },
      { x: 640, y: 300 },
    ]);
    expect(same(snapshot(session), before)).toBe(false);
    expect(session.undo()).toBeNull();
    stroke.abort();
    expect(same(snapshot(session), before)).toBe(true);
    expect(session.saved.kind).toBe('saved');
    expect(disk.journal).toHaveLength(1);
    expect(session.painting).toBe(false);
  });

  it('that changes nothing is no step', async () => {
    const session = await opened();
    expect(paint(session, [{ x: 100, y: 100 }], { label: UNTOUCHED })).toBe(false);
    expect(paint(session, [{ x: 100, y: 100 }])).toBe(true);
    expect(paint(session, [{ x: 100, y: 100 }])).toBe(false);
    expect(paint(session, [{ x: -90, y: 100 }])).toBe(false);
  });

  it('is thinner where the pen is pressed less, and widens evenly in between', async () => {
    const session = await opened();
    const stroke = session.beginStroke({
      z: 0,
      label: MEMBRANE,
      radius: 20,
      rule: everywhere,
      name: 'Brush',
    });
    stroke.extend([{ x: 100, y: 100.5 }], 0.1);
    stroke.extend([{ x: 300, y: 100.5 }], 1);
    stroke.extend([{ x: 300, y: 300 }], 0);
    stroke.commit();
    const thickness = (x: number, from: number): number => {
      let rows = 0;
      for (let y = from - 40; y <= from + 40; y += 1)
        if (session.tiles.labelAt(0, x, y) === MEMBRANE) rows += 1;
      return rows;
    };
    expect(thickness(99, 100)).toBeLessThanOrEqual(5);
    // Half-way from radius 2 to radius 20.
    expect(thickness(200, 100)).toBeGreaterThanOrEqual(21);
    expect(thickness(200, 100)).toBeLessThanOrEqual(23);
    expect(session.tiles.labelAt(0, 300, 299)).toBe(MEMBRANE);
    expect(session.tiles.labelAt(0, 302, 299)).toBe(UNTOUCHED);
  });

  it('keeps to untouched pixels when told so', async () => {
    const session = await opened();
    paint(session, [{ x: 100, y: 100 }], { label: INTERIOR, radius: 10 });
    paint(session, [{ x: 100, y: 100 }], { label: MEMBRANE, radius: 20, rule: onlyUntouched });
    expect(session.tiles.labelAt(0, 100, 100)).toBe(INTERIOR);
    expect(session.tiles.labelAt(0, 115, 100)).toBe(MEMBRANE);
    session.undo();
    expect(session.tiles.labelAt(0, 100, 100)).toBe(INTERIOR);
    expect(session.tiles.labelAt(0, 115, 100)).toBe(UNTOUCHED);
  });

  it('tells where to redraw: every changed pixel lies in the rectangles told', async () => {
    const session = await opened();
    const before = snapshot(session, [0]);
    const rects: { x: number; y: number; width: number; height: number }[] = [];
    session.onChange(({ rect }) => rects.push(rect));
    paint(
      session,
      [
        { x: 480.3, y: 90.8 },
        { x: 560.1, y: 130.2 },
        { x: 500, y: 400 },
      ],
      { radius: 13.7 },
    );
    const after = snapshot(session, [0]);
    let changed = 0;
    for (let i = 0; i < after.length; i += 1) {
      if (after[i] === before[i]) continue;
      changed += 1;
      const tile = Math.floor(i / TILE_PIXELS);
      const x = (tile % 3) * TILE_SIZE + (i % TILE_SIZE);
      const y = Math.floor(tile / 3) * TILE_SIZE + Math.floor((i % TILE_PIXELS) / TILE_SIZE);
      const told = rects.some(
        (r) => x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height,
      );
      if (!told) expect({ x, y }).toBe('told');
    }
    expect(changed).toBeGreaterThan(5_000);
    expect(Math.max(...rects.map((r) => r.width * r.height))).toBeLessThan(150 * 310);
  });
});

describe('confirming', () => {
  const shown = () => new Uint8Array(TILE_PIXELS).fill(INTERIOR).fill(MEMBRANE, 0, TILE_PIXELS / 2);

  it('accepts what is shown where nobody has looked, and leaves painted pixels alone', async () => {
    const session = await opened();
    paint(session, [{ x: 100, y: 100 }], { label: INTERIOR });
    const count = session.confirm(0, { kind: 'slice' }, shown);
    expect(session.tiles.labelAt(0, 100, 100)).toBe(INTERIOR);
    expect(session.tiles.labelAt(0, 200, 100)).toBe(confirmed(MEMBRANE));
    expect(session.tiles.labelAt(0, 200, 400)).toBe(confirmed(INTERIOR));
    expect(session.tiles.labelAt(0, 1299, 699)).toBe(confirmed(MEMBRANE));
    const brush = 316;
    expect(count).toBe(WIDTH * HEIGHT - brush);
    expect(session.tiles.read(0, 2, 0)?.[TILE_SIZE - 1]).toBe(UNTOUCHED);
    expect(session.confirm(0, { kind: 'slice' }, shown)).toBe(0);
  });

  it('of a lasso stays inside it, and where nothing is shown nothing is confirmed', async () => {
    const session = await opened();
    const lasso = [
      { x: 490, y: 10 },
      { x: 620, y: 10 },
      { x: 620, y: 200 },
    ];
    session.confirm(0, { kind: 'polygon', points: lasso }, ({ tx }) => (tx === 0 ? null : shown()));
    expect(session.tiles.labelAt(0, 600, 50)).toBe(confirmed(MEMBRANE));
    expect(session.tiles.labelAt(0, 520, 150)).toBe(UNTOUCHED);
    expect(session.tiles.labelAt(0, 508, 14)).toBe(UNTOUCHED);
    expect(session.undoName).toBe('Confirm region');
    const area = areaOfRect({ x: 0, y: 0, width: 900, height: 300 }, WIDTH, HEIGHT);
    session.paint(0, 'Erase', area, UNTOUCHED, everywhere);
    expect(session.tiles.labelAt(0, 600, 50)).toBe(UNTOUCHED);
    session.undo();
    expect(session.tiles.labelAt(0, 600, 50)).toBe(confirmed(MEMBRANE));
  });
});

describe('a project open for reading only', () => {
  it('refuses every change and says why', () => {
    const disk = new MemoryDisk();
    const session = disk.session(WIDTH, HEIGHT, { access: 'read-only' });
    expect(() =>
      session.beginStroke({ z: 0, label: 1, radius: 3, rule: everywhere, name: 'Brush' }),
    ).toThrow(/reading only/);
    expect(() => session.undo()).toThrow(/reading only/);
  });
});
