import { isAbort } from '#contract/errors';
import { shownClass } from '#contract/mask/class-mask';
import { intersect, TILE_SIZE, tileCount, type Rect } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import type { SliceLabels } from '#labels/slice-labels';
import type { Point } from '#labels/rasterize';
import type { FieldAnswer, FieldKind, FieldSource } from '../../tools/field-source';
import type { RawWindow } from '../draw/raw-colour';
import type { SlicePicture } from '../slice-picture';

/** Slices up to 2048² are looked at as a whole; of larger ones a square of this side, moved by whole tiles. */
const SIDE = 2048;
/** Fields kept, at 4 MiB each at most. */
const KEPT = 8;

/** The stack that fields are read from. */
export interface FieldStack {
  readonly session: SliceLabels;
  readonly picture: SlicePicture;
}

export interface SliceFieldsOptions {
  /** Null while no stack is open. */
  readonly stack: () => FieldStack | null;
  /** Membrane where a byte of the mask is at least this. */
  readonly membraneFrom: () => number;
  /** What was being read is there. */
  readonly arrived: () => void;
  readonly failed: (error: unknown) => void;
}

/** Windows of slices as bytes, read through the tiles that the view holds, and kept as long as nothing in them changes. */
export class SliceFields implements FieldSource {
  readonly #options: SliceFieldsOptions;
  readonly #kept = new Map<string, FieldAnswer>();
  #loads = new AbortController();

  constructor(options: SliceFieldsOptions) {
    this.#options = options;
  }

  windowAt(at: Point): Rect {
    const tiles = this.#options.stack()?.session.tiles;
    const [width, height] = [tiles?.width ?? 0, tiles?.height ?? 0];
    if (width * height <= SIDE * SIDE) return { x: 0, y: 0, width, height };
    const [x, wide] = windowAlong(at.x, width);
    const [y, high] = windowAlong(at.y, height);
    return { x, y, width: wide, height: high };
  }

  read(kind: FieldKind | 'mask' | 'classes', z: number, rect: Rect): FieldAnswer {
    const key = [kind, z, rect.x, rect.y, rect.width, rect.height].join(' ');
    const known = this.#kept.get(key);
    if (known) return known;
    const stack = this.#options.stack();
    if (!stack || rect.width === 0 || rect.height === 0) return { kind: 'loading' };
    if (kind === 'shown') return this.#shown(stack, key, z, rect);
    this.#keep(key, { kind: 'loading' });
    void this.#load(stack, key, kind, z, rect);
    return { kind: 'loading' };
  }

  /** Labels of a slice have changed. */
  labelsChanged(z: number): void {
    const prefix = `shown ${String(z)} `;
    for (const key of this.#kept.keys()) if (key.startsWith(prefix)) this.#kept.delete(key);
  }

  /** Another stack, prediction, mask or window: everything is read anew. */
  forget(): void {
    this.#loads.abort();
    this.#loads = new AbortController();
    this.#kept.clear();
  }

  #shown({ session }: FieldStack, key: string, z: number, rect: Rect): FieldAnswer {
    const mask = this.read('mask', z, rect);
    const classes = this.read('classes', z, rect);
    const labels = session.readField(z, rect);
    if (mask.kind === 'loading' || classes.kind === 'loading') return { kind: 'loading' };
    if (!labels) {
      this.#keep(key, { kind: 'loading' });
      void this.#loadLabels(session, key, z, rect);
      return { kind: 'loading' };
    }
    const predicted = mask.kind === 'ready' ? mask.field.data : null;
    const found = classes.kind === 'ready' ? classes.field.data : null;
    const from = this.#options.membraneFrom();
    const answer: FieldAnswer = {
      kind: 'ready',
      field: { rect, data: shownClasses(labels.data, predicted, from, found) },
    };
    this.#keep(key, answer);
    return answer;
  }

  async #load(
    { session, picture }: FieldStack,
    key: string,
    kind: Exclude<FieldKind, 'shown'> | 'mask' | 'classes',
    z: number,
    rect: Rect,
  ): Promise<void> {
    const { signal } = this.#loads;
    try {
      const [answer] = await Promise.all([
        kind === 'raw'
          ? rawField(picture, z, rect, session.tiles.width, signal)
          : probabilityField(picture, kind, z, rect, session.tiles.width, signal),
        session.load(z, rect, signal),
      ]);
      if (signal.aborted) return;
      this.#keep(key, answer);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      // Not asked for again on every move of the pointer.
      this.#keep(key, { kind: 'absent' });
      this.#options.failed(error);
    }
    this.#options.arrived();
  }

  /** Labels that were here with the prediction, and have been let go of since. */
  async #loadLabels(session: SliceLabels, key: string, z: number, rect: Rect): Promise<void> {
    const { signal } = this.#loads;
    try {
      await session.load(z, rect, signal);
      if (signal.aborted) return;
      this.#kept.delete(key);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#keep(key, { kind: 'absent' });
      this.#options.failed(error);
    }
    this.#options.arrived();
  }

  #keep(key: string, answer: FieldAnswer): void {
    this.#kept.delete(key);
    this.#kept.set(key, answer);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function windowAlong(at: number, size: number): [start: number, length: number] {
  if (size <= SIDE) return [0, size];
  const start = Math.round((at - SIDE / 2) / TILE_SIZE) * TILE_SIZE;
  return [Math.min(size - SIDE, Math.max(0, start)), SIDE];
}

function shownClasses(
  labels: Uint8Array,
  predicted: Uint8Array | null,
  from: number,
  found: Uint8Array | null,
): Uint8Array {
  const shown = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i += 1) {
    const membrane = predicted && (predicted[i] ?? 0) >= from;
    shown[i] = shownClass(labels[i] ?? 0, membrane, found ? (found[i] ?? 0) : 0);
  }
  return shown;
}

async function probabilityField(
  picture: SlicePicture,
  kind: 'probability' | 'mask' | 'classes',
  z: number,
  rect: Rect,
  width: number,
  signal: AbortSignal,
): Promise<FieldAnswer> {
  const tiles = await tilesOf(picture, kind, z, rect, signal);
  if (tiles.size === 0) return { kind: 'absent' };
  return { kind: 'ready', field: joined(tiles, rect, width, (value) => value) };
}

function tilesOf(
  picture: SlicePicture,
  kind: 'probability' | 'mask' | 'classes',
  z: number,
  rect: Rect,
  signal: AbortSignal,
): Promise<Map<number, Uint8Array>> {
  switch (kind) {
    case 'probability':
      return picture.probabilities(z, rect, signal);
    case 'mask':
      return picture.maskTiles(z, rect, signal);
    case 'classes':
      return picture.classTiles(z, rect, signal);
  }
}

async function rawField(
  picture: SlicePicture,
  z: number,
  rect: Rect,
  width: number,
  signal: AbortSignal,
): Promise<FieldAnswer> {
  const tiles = await picture.rawTiles(z, rect, signal);
  const { min, max, gamma }: RawWindow = picture.window;
  const span = max > min ? max - min : 1;
  const grey = (value: number): number => {
    const part = Math.min(1, Math.max(0, (value - min) / span));
    return Math.round(255 * (gamma === 1 ? part : part ** (1 / gamma)));
  };
  return { kind: 'ready', field: joined(tiles, rect, width, grey) };
}

/** Tiles (by `ty * across + tx`) as one field. */
function joined(
  tiles: ReadonlyMap<number, ArrayLike<number>>,
  rect: Rect,
  width: number,
  byteOf: (value: number) => number,
): ByteField {
  const data = new Uint8Array(rect.width * rect.height);
  const across = tileCount(width);
  for (const [index, pixels] of tiles) {
    const [x, y] = [(index % across) * TILE_SIZE, Math.floor(index / across) * TILE_SIZE];
    const part = intersect({ x, y, width: TILE_SIZE, height: TILE_SIZE }, rect);
    if (!part) continue;
    for (let row = part.y; row < part.y + part.height; row += 1) {
      let from = (row - y) * TILE_SIZE + part.x - x;
      let to = (row - rect.y) * rect.width + part.x - rect.x;
      for (const end = to + part.width; to < end; to += 1, from += 1)
        data[to] = byteOf(pixels[from] ?? 0);
    }
  }
  return { rect, data };
}
