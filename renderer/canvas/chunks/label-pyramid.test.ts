import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE } from '#contract/label-byte';
import { TILE_SIZE } from '#contract/tiles';
import { MemoryDisk } from '#labels/memory-disk';
import { everywhere } from '#labels/paint-mode';
import { LabelPyramid } from './label-pyramid';

const SIZE = 1500;
const everything = { x: 0, y: 0, width: SIZE, height: SIZE };

describe('labels from afar', () => {
  it('come out the same whether they were there before or are painted while in view', async () => {
    const session = new MemoryDisk().session(SIZE, SIZE);
    await session.load(0, everything);
    const kept = new LabelPyramid(session.tiles);
    session.onChange(({ z, rect }) => {
      kept.update(z, rect);
    });
    const brush = { z: 0, radius: 7, rule: everywhere, name: 'Brush' };
    for (const [label, shift] of [
      [MEMBRANE, 0],
      [INTERIOR, 3],
      [confirmed(MEMBRANE), -9],
      [0, 21],
    ] as const) {
      const stroke = session.beginStroke({ ...brush, label });
      for (let i = 0; i < 40; i += 1)
        stroke.extend([{ x: 100 + i * 33, y: 700 + shift * 7 + 600 * Math.sin(i / 5) }]);
      stroke.commit();
      // Looked at in between, so that there is something to keep up to date.
      for (const level of [1, 2]) kept.read(0, level, 0, 0);
    }
    session.undo();
    let labelled = 0;
    for (const [level, tx, ty] of [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [2, 0, 0],
    ] as const) {
      const fresh = new LabelPyramid(session.tiles).read(0, level, tx, ty);
      const updated = kept.read(0, level, tx, ty);
      if (!fresh || !updated) throw new Error('no labels');
      expect(Buffer.compare(fresh, updated)).toBe(0);
      labelled += fresh.filter((label) => label !== 0).length;
    }
    expect(labelled).toBeGreaterThan(5_000);
  });

  it('keep the thinnest line in sight', async () => {
    const session = new MemoryDisk().session(SIZE, SIZE);
    await session.load(0, everything);
    const stroke = session.beginStroke({
      z: 0,
      label: MEMBRANE,
      radius: 0.5,
      rule: everywhere,
      name: 'Brush',
    });
    stroke.extend([
      { x: 3.5, y: 7.5 },
      { x: 1400.5, y: 7.5 },
    ]);
    stroke.commit();
    const far = new LabelPyramid(session.tiles).read(0, 2, 0, 0);
    for (let x = 1; x < 350; x += 1) expect(far?.[TILE_SIZE + x]).toBe(MEMBRANE);
    expect(far?.[TILE_SIZE * 2 + 5]).toBe(0);
  });

  it('are unknown while a part of them is not loaded, and none where nobody has labelled', async () => {
    const session = new MemoryDisk().session(SIZE, SIZE);
    const pyramid = new LabelPyramid(session.tiles);
    await session.load(0, { x: 0, y: 0, width: 10, height: 10 });
    expect(pyramid.read(0, 1, 0, 0)).toBeUndefined();
    await session.load(0, everything);
    expect(pyramid.read(0, 1, 0, 0)).toBeNull();
  });
});
