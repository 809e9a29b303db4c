import { setImmediate } from 'node:timers/promises';
import { intersect, type Rect, sizeAtLevel } from '#contract/tiles';
import { halveRegion } from './halve-region';
import { bytesOf, bytesPerSample, newPixels } from '#volume/pixel-array';
import type { Region, StackSource } from './stack-source';

/** Larger parents are made in two halves, so that memory stays bounded at any level. */
const PARENT_PIXELS = 4 * 2 ** 20;

/** A region of a reduced level, made from the levels below it: 2 × 2 means of the pixels that could be read. */
export async function readReduced(
  source: StackSource,
  z: number,
  rect: Rect,
  level: number,
  signal: AbortSignal,
): Promise<Region> {
  const { width, height, type, samples } = source.info;
  const page = { x: 0, y: 0, width: sizeAtLevel(width, level), height: sizeAtLevel(height, level) };
  const inside = intersect(rect, page) ?? { x: 0, y: 0, width: 0, height: 0 };
  const parent = {
    x: inside.x * 2,
    y: inside.y * 2,
    width: inside.width * 2,
    height: inside.height * 2,
  };
  const split = inside.height > 1 && parent.width * parent.height > PARENT_PIXELS;
  if (!split) {
    const below = await source.readRegion(z, parent, level - 1, signal);
    return halveRegion(below);
  }
  const half = Math.ceil(inside.height / 2);
  const parts = [
    { ...inside, height: half },
    { ...inside, y: inside.y + half, height: inside.height - half },
  ];
  const data = newPixels(type, inside.width * inside.height * samples);
  const bad: Region['bad'][number][] = [];
  const rowBytes = inside.width * samples * bytesPerSample(type);
  for (const part of parts) {
    const region = await readReduced(source, z, part, level, signal);
    const row = part.y - inside.y;
    bytesOf(data).set(bytesOf(region.data), row * rowBytes);
    bad.push(...region.bad.map((block) => ({ ...block, y: block.y + row })));
    await setImmediate();
  }
  return { type, samples, width: inside.width, height: inside.height, data, bad };
}
