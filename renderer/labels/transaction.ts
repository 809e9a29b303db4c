import { confirmed, INTERIOR, UNTOUCHED } from '#contract/label-byte';
import type { PatchValues, TilePatch } from '#contract/label-patch';
import { TILE_PIXELS, TILE_SIZE, union, type Rect } from '#contract/tiles';
import { isOwnClass } from '#contract/mask/class-mask';
import { allows, type CompiledRule } from './paint-mode';
import { erasedLabels, predictedAt, type PredictedTile } from './predicted-mask';
import type { LabelTiles } from './tile-store';

/** A tile as the transaction found it, and the part it may have changed. */
interface TouchedTile {
  readonly tx: number;
  readonly ty: number;
  readonly pixels: Uint8Array;
  readonly before: Uint8Array;
  /** Touched rows and columns within the tile, both ends included. */
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const CONFIRMED_INTERIOR = confirmed(INTERIOR);

/** Snapshots are lent again and again, so that painting leaves no garbage behind. */
const spareSnapshots: Uint8Array[] = [];
const SPARE_SNAPSHOTS = 16;

function snapshot(pixels: Uint8Array): Uint8Array {
  const copy = spareSnapshots.pop() ?? new Uint8Array(TILE_PIXELS);
  copy.set(pixels);
  return copy;
}

/**
 * Writes label bytes of one slice so that all of it can be kept (`commit`, as
 * the least patch that tells the change) or taken back (`abort`). Runs without
 * waiting from begin to end; tiles that are not loaded are left alone, and the
 * touched ones are pinned till the end.
 */
export class LabelTransaction {
  readonly z: number;
  readonly #tiles: LabelTiles;
  readonly #touched = new Map<number, TouchedTile>();
  #last: TouchedTile | undefined;
  #open = true;

  constructor(tiles: LabelTiles, z: number) {
    this.#tiles = tiles;
    this.z = z;
  }

  /** Writes `label` to pixels `start` ≤ x < `end` of row `y`, which lie in the slice, where the rule lets it. */
  fill(y: number, start: number, end: number, label: number, rule: CompiledRule): void {
    const free = rule.replaceable === null && rule.gate === null;
    for (let x = start; x < end;) {
      const stop = Math.min(end, (Math.floor(x / TILE_SIZE) + 1) * TILE_SIZE);
      const tile = this.#rowOf(y, x, stop);
      if (tile) {
        const at = indexIn(tile, x, y);
        if (free) tile.pixels.fill(label, at, at + stop - x);
        else {
          for (let i = 0; i < stop - x; i += 1)
            if (allows(rule, tile.pixels[at + i] ?? 0, x + i, y)) tile.pixels[at + i] = label;
        }
      }
      x = stop;
    }
  }

  /** Writes a label each to the pixels of row `y` from `start` on, which lie in the slice, where the rule lets it. */
  write(y: number, start: number, labels: Uint8Array, rule: CompiledRule): void {
    const end = start + labels.length;
    for (let x = start; x < end;) {
      const stop = Math.min(end, (Math.floor(x / TILE_SIZE) + 1) * TILE_SIZE);
      const tile = this.#rowOf(y, x, stop);
      if (tile) {
        const at = indexIn(tile, x, y);
        for (let i = 0; i < stop - x; i += 1)
          if (allows(rule, tile.pixels[at + i] ?? 0, x + i, y))
            tile.pixels[at + i] = labels[x + i - start] ?? 0;
      }
      x = stop;
    }
  }

  /**
   * Erases to interior (`erasedLabel`) in pixels of a row that lie in one tile,
   * where the rule lets it. `predicted` is that tile's, null = nothing is. What a pixel becomes depends on how the transaction found it
   * alone: passing over it twice takes off no second layer.
   */
  erase(
    y: number,
    start: number,
    end: number,
    predicted: PredictedTile | null,
    rule: CompiledRule,
  ): void {
    const tile = this.#rowOf(y, start, end);
    if (!tile) return;
    const { pixels, before } = tile;
    const first = indexIn(tile, start, y);
    for (let i = first; i < first + end - start; i += 1) {
      const label = before[i] ?? 0;
      if (!allows(rule, label, start + i - first, y)) continue;
      pixels[i] = erasedLabels[256 * predictedAt(predicted, i) + label] ?? 0;
    }
  }

  /**
   * Confirms the classes of a whole tile for pixels of a row that lie in that
   * tile and carry no label, and a class of the user's own where interior was
   * confirmed; class 0 leaves a pixel alone.
   */
  confirm(y: number, start: number, end: number, classes: Uint8Array): void {
    const tile = this.#rowOf(y, start, end);
    if (!tile) return;
    const first = indexIn(tile, start, y);
    const { pixels } = tile;
    for (let i = first; i < first + end - start; i += 1) {
      const id = classes[i] ?? 0;
      const before = pixels[i];
      if (before === UNTOUCHED ? id !== 0 : before === CONFIRMED_INTERIOR && isOwnClass(id))
        pixels[i] = confirmed(id);
    }
  }

  /** The part of the slice that was touched, in pixels; null when nothing was. */
  touched(): Rect | null {
    let all: Rect | null = null;
    for (const { tx, ty, left, right, top, bottom } of this.#touched.values()) {
      const part: Rect = {
        x: tx * TILE_SIZE + left,
        y: ty * TILE_SIZE + top,
        width: right - left + 1,
        height: bottom - top + 1,
      };
      all = all ? union(all, part) : part;
    }
    return all;
  }

  /** Ends the transaction; the tiles' changes, without pixels that ended as they began. */
  commit(): TilePatch[] {
    const patches: TilePatch[] = [];
    for (const tile of this.#touched.values()) {
      const patch = difference(tile);
      if (patch) patches.push(patch);
    }
    this.#close();
    return patches;
  }

  /** Ends the transaction and puts every pixel back. */
  abort(): void {
    for (const tile of this.#touched.values()) {
      const from = tile.top * TILE_SIZE;
      tile.pixels.set(tile.before.subarray(from, (tile.bottom + 1) * TILE_SIZE), from);
    }
    this.#close();
  }

  /** The tile of pixels `start` ≤ x < `end` of row `y`, which lie in one, noted as touched there; undefined where it is not loaded. */
  #rowOf(y: number, start: number, end: number): TouchedTile | undefined {
    const tile = this.#tile(Math.floor(start / TILE_SIZE), Math.floor(y / TILE_SIZE));
    if (tile) grow(tile, y, start, end - 1);
    return tile;
  }

  #tile(tx: number, ty: number): TouchedTile | undefined {
    if (this.#last?.tx === tx && this.#last.ty === ty) return this.#last;
    if (!this.#open) throw new Error('the label transaction has ended');
    const key = ty * 0x100000 + tx;
    let tile = this.#touched.get(key);
    if (!tile) {
      const pixels = this.#tiles.writable(this.z, tx, ty);
      if (!pixels) return undefined;
      this.#tiles.pin(this.z, tx, ty);
      const before = snapshot(pixels);
      tile = { tx, ty, pixels, before, top: TILE_SIZE, bottom: -1, left: TILE_SIZE, right: -1 };
      this.#touched.set(key, tile);
    }
    this.#last = tile;
    return tile;
  }

  #close(): void {
    this.#open = false;
    this.#last = undefined;
    for (const { tx, ty, before } of this.#touched.values()) {
      this.#tiles.unpin(this.z, tx, ty);
      if (spareSnapshots.length < SPARE_SNAPSHOTS) spareSnapshots.push(before);
    }
    this.#touched.clear();
  }
}

function grow(tile: TouchedTile, y: number, first: number, last: number): void {
  const row = y - tile.ty * TILE_SIZE;
  const left = first - tile.tx * TILE_SIZE;
  const right = last - tile.tx * TILE_SIZE;
  if (row < tile.top) tile.top = row;
  if (row > tile.bottom) tile.bottom = row;
  if (left < tile.left) tile.left = left;
  if (right > tile.right) tile.right = right;
}

/** Index of a pixel of the slice in the tile that it lies in. */
function indexIn({ tx, ty }: TouchedTile, x: number, y: number): number {
  return (y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE;
}

function difference(tile: TouchedTile): TilePatch | null {
  const { pixels, before, tx, ty } = tile;
  const runs: number[] = [];
  let count = 0;
  let free = -1;
  for (let row = tile.top; row <= tile.bottom; row += 1) {
    const stop = row * TILE_SIZE + tile.right + 1;
    for (let i = row * TILE_SIZE + tile.left; i < stop; i += 1) {
      if (pixels[i] === before[i]) continue;
      const start = i;
      while (i < stop && pixels[i] !== before[i]) i += 1;
      if (start === free) runs[runs.length - 1] = (runs[runs.length - 1] ?? 0) + i - start;
      else runs.push(start, i - start);
      free = i;
      count += i - start;
    }
  }
  if (count === 0) return null;
  const indices = Uint32Array.from(runs);
  return {
    tx,
    ty,
    runs: indices,
    before: valuesOf(before, indices, count),
    after: valuesOf(pixels, indices, count),
  };
}

function valuesOf(pixels: Uint8Array, runs: Uint32Array, count: number): PatchValues {
  const values = new Uint8Array(count);
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const length = runs[i + 1] ?? 0;
    values.set(pixels.subarray(start, start + length), at);
    at += length;
  }
  const value = values[0] ?? 0;
  for (let i = 1; i < count; i += 1) if (values[i] !== value) return { kind: 'pixels', values };
  return { kind: 'uniform', value };
}
