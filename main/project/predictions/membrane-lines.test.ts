import { describe, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { membraneMask } from '#contract/mask/membrane-mask';
import { sizeAtLevel, TILE_SIZE } from '#contract/tiles';
import { MembraneLines } from './membrane-lines';

const model = ModelId.parse('model-1');
const [width, height] = [1200, 700];
const from = 60;
const never = new AbortController().signal;

/** Walls of two strengths across the borders of tiles. */
function mapOf(shift: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const ridge = Math.min(
      Math.abs(Math.sin((x + shift) / 40 + Math.sin(y / 90)) * 40),
      Math.abs(Math.sin(y / 37 + Math.sin((x + shift) / 70)) * 37),
    );
    return Math.max(0, Math.round(140 - ridge * 14));
  });
}

/** Maps as the store hands them out, tile after tile. */
class Maps {
  map = mapOf(0);
  editions = 0;
  reads = 0;

  edition(): number {
    return this.editions;
  }

  rows(
    _model: ModelId,
    z: number,
    row: (tile: Uint8Array, start: number, length: number, x: number, y: number) => void,
  ): Promise<boolean> {
    this.reads += 1;
    if (z > 0) return Promise.resolve(false);
    for (let ty = 0; ty * TILE_SIZE < height; ty += 1)
      for (let tx = 0; tx * TILE_SIZE < width; tx += 1)
        for (let y = ty * TILE_SIZE; y < Math.min(height, (ty + 1) * TILE_SIZE); y += 1) {
          const x = tx * TILE_SIZE;
          row(this.map, y * width + x, Math.min(TILE_SIZE, width - x), x, y);
        }
    return Promise.resolve(true);
  }
}

/** 1 on the line, from the mask of the whole slice: no pixel of the maps reaches the pixel threshold. */
const wholeLine = (map: Uint8Array): Uint8Array =>
  membraneMask(map, width, height, { pixel: 1, cells: from / 255 });

async function joined(lines: MembraneLines, level: number): Promise<Uint8Array> {
  const [wide, high] = [sizeAtLevel(width, level), sizeAtLevel(height, level)];
  const whole = new Uint8Array(wide * high);
  for (let ty = 0; ty * TILE_SIZE < high; ty += 1)
    for (let tx = 0; tx * TILE_SIZE < wide; tx += 1) {
      const tile = await lines.tile(model, 0, from, { level, tx, ty }, never);
      for (let i = 0; i < (tile?.length ?? 0); i += 1) {
        const [x, y] = [tx * TILE_SIZE + (i % TILE_SIZE), ty * TILE_SIZE + (i >> 9)];
        if (tile?.[i] === 255) whole[y * wide + x] = 1;
      }
    }
  return whole;
}

describe('lines as tiles', () => {
  it('are those of the whole slice, byte for byte, at any level', async () => {
    const maps = new Maps();
    const lines = new MembraneLines(maps, width, height);
    const line = wholeLine(maps.map);
    expect(line.includes(1)).toBe(true);
    expect(Buffer.compare(await joined(lines, 0), line)).toBe(0);
    const level = 2;
    const wide = sizeAtLevel(width, level);
    const reduced = new Uint8Array(wide * sizeAtLevel(height, level));
    line.forEach((value, i) => {
      const [x, y] = [(i % width) >> level, Math.floor(i / width) >> level];
      if (value === 1) reduced[y * wide + x] = 1;
    });
    expect(Buffer.compare(await joined(lines, level), reduced)).toBe(0);
    expect(maps.reads).toBe(1);
    expect(await lines.tile(model, 1, from, { level: 0, tx: 0, ty: 0 }, never)).toBeNull();
    expect(await lines.tile(model, 0, from, { level: 0, tx: 9, ty: 0 }, never)).toBeNull();
  });

  it('are made anew when the map was', async () => {
    const maps = new Maps();
    const lines = new MembraneLines(maps, width, height);
    await joined(lines, 0);
    maps.map = mapOf(25);
    maps.editions += 1;
    expect(Buffer.compare(await joined(lines, 0), wholeLine(maps.map))).toBe(0);
  });

  it('are given up when nobody waits for them any more, and come for those who still do', async () => {
    const maps = new Maps();
    const lines = new MembraneLines(maps, width, height);
    const [gone, left] = [new AbortController(), new AbortController()];
    const at = { level: 0, tx: 0, ty: 0 };
    const first = lines.tile(model, 0, from, at, gone.signal);
    const second = lines.tile(model, 0, from, at, never);
    const alone = lines.tile(model, 0, from + 1, at, left.signal);
    gone.abort();
    left.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await expect(alone).rejects.toMatchObject({ name: 'AbortError' });
    expect(await second).not.toBeNull();
    expect(maps.reads).toBe(1);
  });
});
