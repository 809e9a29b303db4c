import { MEMBRANE } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import type { LabelSession } from '../label-session';
import { MemoryDisk } from '../memory-disk';
import { everywhere, type PaintRule } from '../paint-mode';
import type { Point } from '../rasterize';

/** Three by two tiles, the last ones cut. */
export const WIDTH = 1300;
export const HEIGHT = 700;
export const everything = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

/** A session on slices of that size, loaded. */
export async function opened(disk = new MemoryDisk(), slices = [0, 1, 2]): Promise<LabelSession> {
  const session = disk.session(WIDTH, HEIGHT);
  for (const z of slices) await session.load(z, everything);
  return session;
}

/** Label bytes of all tiles. */
export function snapshot(session: LabelSession, slices = [0, 1, 2]): Uint8Array {
  const all = new Uint8Array(slices.length * 6 * TILE_PIXELS);
  let at = 0;
  for (const z of slices)
    for (let ty = 0; ty < 2; ty += 1)
      for (let tx = 0; tx < 3; tx += 1) {
        const tile = session.tiles.read(z, tx, ty);
        if (tile) all.set(tile, at);
        at += TILE_PIXELS;
      }
  return all;
}

/** A stroke; false when it changed nothing. */
export function paint(
  session: LabelSession,
  points: Point[],
  options: { z?: number; label?: number; radius?: number; rule?: PaintRule } = {},
): boolean {
  const { z = 0, label = MEMBRANE, radius = 10, rule = everywhere } = options;
  const stroke = session.beginStroke({ z, label, radius, rule, name: 'Brush' });
  for (const point of points) stroke.extend([point]);
  return stroke.commit();
}

export const onlyUntouched: PaintRule = { ...everywhere, overwrite: { kind: 'untouched' } };
export const membraneLocked: PaintRule = { ...everywhere, locked: new Set([MEMBRANE]) };

export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
