import { setImmediate } from 'node:timers/promises';
import type { ModelId } from '#contract/ids';
import { BitPlane, halvedPlane } from '#contract/mask/bit-plane';
import { lineOf } from '#contract/mask/membrane-mask';
import { levelCount, TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import type { PredictionStore } from './prediction-store';

/** A line takes 1 bit a pixel, 1⅓ with its smaller levels: 24 slices of 4096². */
const BUDGET = 64 * 1024 * 1024;
/** Longest that thinning keeps everybody else waiting, in milliseconds. */
const PORTION = 8;
const ON_LINE = 255;

/** Every level of the line of a slice, the full size first. */
type Levels = readonly BitPlane[];

interface Making {
  readonly levels: Promise<Levels | null>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * The thinned lines of what separates cells, made from whole probability maps
 * and served as tiles, one owner for the window and the exports. They are not
 * kept on the disk: a map gives the same line again. One is made at a time,
 * in portions; one that nobody waits for any more is given up.
 */
export class MembraneLines {
  /** In order of use, oldest first. */
  private readonly kept = new Map<string, Levels>();
  private readonly makings = new Map<string, Making>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly predictions: Pick<PredictionStore, 'rows' | 'edition'>,
    private readonly width: number,
    private readonly height: number,
  ) {}

  /**
   * TILE_SIZE² bytes of a tile, 255 on the line of what is at least the
   * probability byte `from`; null where there is none. A pixel of level n
   * is on the line where one of its 4ⁿ is, so that it stays in sight.
   */
  async tile(
    model: ModelId,
    z: number,
    from: number,
    { level, tx, ty }: { readonly level: number; readonly tx: number; readonly ty: number },
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const plane = (await this.levels(model, z, from, signal))?.[level];
    const [left, top] = [tx * TILE_SIZE, ty * TILE_SIZE];
    if (!plane || left >= plane.width || top >= plane.height) return null;
    const bytes = new Uint8Array(TILE_PIXELS);
    const columns = Math.min(TILE_SIZE, plane.width - left);
    let any = false;
    for (let y = 0; y < TILE_SIZE && top + y < plane.height; y += 1)
      if (plane.markRow(top + y, left, bytes, y * TILE_SIZE, columns, ON_LINE)) any = true;
    return any ? bytes : null;
  }

  /** The line of a whole slice at full size; null where there is no map. @throws AbortError */
  async line(
    model: ModelId,
    z: number,
    from: number,
    signal: AbortSignal,
  ): Promise<BitPlane | null> {
    return (await this.levels(model, z, from, signal))?.[0] ?? null;
  }

  private async levels(
    model: ModelId,
    z: number,
    from: number,
    signal: AbortSignal,
  ): Promise<Levels | null> {
    signal.throwIfAborted();
    const edition = this.predictions.edition(model, z);
    const key = [model, z, from, edition].join(' ');
    const kept = this.kept.get(key);
    if (kept) {
      this.keep(key, kept);
      return kept;
    }
    const making = this.makings.get(key) ?? this.begin(key, model, z, from);
    making.waiting += 1;
    const leave = (): void => {
      making.waiting -= 1;
      if (making.waiting === 0) {
        making.abort.abort();
        this.makings.delete(key);
      }
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      const levels = await making.levels;
      signal.throwIfAborted();
      return levels;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private begin(key: string, model: ModelId, z: number, from: number): Making {
    const abort = new AbortController();
    const make = async (): Promise<Levels | null> => {
      try {
        abort.signal.throwIfAborted();
        const levels = await this.make(model, z, from, abort.signal);
        if (levels) this.keep(key, levels);
        return levels;
      } finally {
        if (this.makings.get(key) === making) this.makings.delete(key);
      }
    };
    const levels = this.turn.then(make);
    const making: Making = { levels, abort, waiting: 0 };
    this.makings.set(key, making);
    this.turn = levels.catch(() => null);
    return making;
  }

  private async make(
    model: ModelId,
    z: number,
    from: number,
    signal: AbortSignal,
  ): Promise<Levels | null> {
    const { width, height } = this;
    const plane = new BitPlane(width, height);
    const whole = await this.predictions.rows(
      model,
      z,
      (tile, start, length, x, y) => {
        plane.setRow(y, x, tile, start, length, from);
      },
      signal,
    );
    if (!whole) return null;
    let began = performance.now();
    const steps = lineOf(plane);
    while (steps.next().done !== true) {
      if (performance.now() - began < PORTION) continue;
      await setImmediate();
      signal.throwIfAborted();
      began = performance.now();
    }
    const levels = [plane];
    for (let level = 1; level < levelCount(width, height); level += 1)
      levels.push(halvedPlane(levels[level - 1] ?? plane));
    return levels;
  }

  private keep(key: string, levels: Levels): void {
    this.kept.delete(key);
    this.kept.set(key, levels);
    let bytes = 0;
    for (const [other, planes] of [...this.kept].reverse()) {
      bytes += planes.reduce((sum, { words }) => sum + words.byteLength, 0);
      if (bytes > BUDGET && other !== key) this.kept.delete(other);
    }
  }
}
