import { intersect, TILE_PIXELS, TILE_SIZE, tileCount, type Rect } from '#contract/tiles';
import type { LabelTiles } from '#labels/tile-store';

/** Bytes of reduced labels kept. */
const BUDGET = 64 * 1024 * 1024;
const HALF = TILE_SIZE / 2;

/**
 * Labels at half, quarter … size, to be drawn below 1:1. Of four pixels the
 * label that most of them have, nobody-has-looked counting last, the higher
 * byte winning a tie: a painted line stays in sight however far away.
 */
export class LabelPyramid {
  readonly #tiles: LabelTiles;
  readonly #reduced = new Map<string, Uint8Array>();

  constructor(tiles: LabelTiles) {
    this.#tiles = tiles;
  }

  /** Label bytes of a tile of a level; null = no labels, undefined = not all loaded. */
  read(z: number, level: number, tx: number, ty: number): Uint8Array | null | undefined {
    if (level === 0) {
      const { width, height } = this.#tiles;
      const inside = tx < tileCount(width) && ty < tileCount(height);
      return inside ? this.#tiles.read(z, tx, ty) : null;
    }
    const key = keyOf(z, level, tx, ty);
    const kept = this.#reduced.get(key);
    if (kept) return kept;
    let found = false;
    for (let i = 0; i < 4; i += 1) {
      const child = this.read(z, level - 1, tx * 2 + (i & 1), ty * 2 + (i >> 1));
      if (child === undefined) return undefined;
      found ||= child !== null;
    }
    if (!found) return null;
    const pixels = new Uint8Array(TILE_PIXELS);
    this.#reduce(z, level, tx, ty, pixels, { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE });
    this.#reduced.set(key, pixels);
    for (const oldest of this.#reduced.keys()) {
      if (this.#reduced.size * TILE_PIXELS <= BUDGET) break;
      this.#reduced.delete(oldest);
    }
    return pixels;
  }

  /** Labels in `rect` (level-0 pixels) have changed. */
  update(z: number, rect: Rect): void {
    const longest = Math.max(this.#tiles.width, this.#tiles.height);
    for (let level = 1; TILE_SIZE * 2 ** (level - 1) < longest; level += 1) {
      const part = reducedRect(rect, level);
      for (let ty = tileOf(part.y); ty <= tileOf(part.y + part.height - 1); ty += 1) {
        for (let tx = tileOf(part.x); tx <= tileOf(part.x + part.width - 1); tx += 1) {
          const pixels = this.#reduced.get(keyOf(z, level, tx, ty));
          const within = inTile(part, tx, ty);
          if (pixels && within) this.#reduce(z, level, tx, ty, pixels, within);
        }
      }
    }
  }

  #reduce(z: number, level: number, tx: number, ty: number, out: Uint8Array, rect: Rect): void {
    for (let i = 0; i < 4; i += 1) {
      const left = (i & 1) * HALF;
      const top = (i >> 1) * HALF;
      const part = intersect(rect, { x: left, y: top, width: HALF, height: HALF });
      if (!part) continue;
      const child = this.read(z, level - 1, tx * 2 + (i & 1), ty * 2 + (i >> 1));
      halve(child ?? null, out, part, left, top);
    }
  }
}

function keyOf(z: number, level: number, tx: number, ty: number): string {
  return `${String(z)}/${String(level)}/${String(tx)}/${String(ty)}`;
}

function tileOf(pixel: number): number {
  return Math.floor(pixel / TILE_SIZE);
}

/** The pixels of a level that a level-0 rectangle touches. */
export function reducedRect(rect: Rect, level: number): Rect {
  const scale = 2 ** level;
  const x = Math.floor(rect.x / scale);
  const y = Math.floor(rect.y / scale);
  return {
    x,
    y,
    width: Math.ceil((rect.x + rect.width) / scale) - x,
    height: Math.ceil((rect.y + rect.height) / scale) - y,
  };
}

/** The part of a rectangle that lies in a tile, in that tile's pixels; null when none does. */
export function inTile(rect: Rect, tx: number, ty: number): Rect | null {
  const shifted = { ...rect, x: rect.x - tx * TILE_SIZE, y: rect.y - ty * TILE_SIZE };
  return intersect(shifted, { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE });
}

function halve(
  child: Uint8Array | null,
  out: Uint8Array,
  rect: Rect,
  left: number,
  top: number,
): void {
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    const row = y * TILE_SIZE;
    if (!child) {
      out.fill(0, row + rect.x, row + rect.x + rect.width);
      continue;
    }
    let from = (y - top) * 2 * TILE_SIZE + (rect.x - left) * 2;
    for (let x = rect.x; x < rect.x + rect.width; x += 1, from += 2) {
      const a = child[from] ?? 0;
      const b = child[from + 1] ?? 0;
      const c = child[from + TILE_SIZE] ?? 0;
      const d = child[from + TILE_SIZE + 1] ?? 0;
      out[row + x] = a === b && a === c && a === d ? a : most(a, b, c, d);
    }
  }
}

function votes(label: number, a: number, b: number, c: number, d: number): number {
  if (label === 0) return 0;
  return Number(label === a) + Number(label === b) + Number(label === c) + Number(label === d);
}

function better(one: number, other: number, a: number, b: number, c: number, d: number): number {
  const lead = votes(one, a, b, c, d) - votes(other, a, b, c, d);
  if (lead === 0) return Math.max(one, other);
  return lead > 0 ? one : other;
}

function most(a: number, b: number, c: number, d: number): number {
  return better(better(a, b, a, b, c, d), better(c, d, a, b, c, d), a, b, c, d);
}
