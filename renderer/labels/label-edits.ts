import { patchPixelCount, type LabelPatch, type TilePatch } from '#contract/label-patch';
import { tileRect, union, type Rect } from '#contract/tiles';
import { confirmRegion, eraseRegion, regionBounds, type Region, type ShownClasses } from './region';
import type { Point } from './rasterize';
import { Stroke, type StrokeIntent } from './stroke';
import type { LabelTiles } from './tile-store';
import { LabelTransaction } from './transaction';

/** Pixels of a slice that may look different now. */
export interface LabelChange {
  readonly z: number;
  readonly rect: Rect;
  /** `stroke` while a stroke is under way, `step` for everything else. */
  readonly cause: 'stroke' | 'step';
}

/** A stroke under way; ends by one of `commit` and `abort`. */
export interface OpenStroke {
  readonly end: Point | undefined;
  extend(points: readonly Point[]): void;
  /** False when it changed nothing. */
  commit(): boolean;
  abort(): void;
}

/** What edits of label pixels stand on. */
export interface LabelEditsOptions {
  readonly tiles: LabelTiles;
  /** Throws where nothing may be changed. */
  readonly mustWrite: () => void;
  /** Makes a step of changed tiles; null when there are none. */
  readonly record: (z: number, name: string, tiles: readonly TilePatch[]) => LabelPatch | null;
  readonly changed: (change: LabelChange) => void;
}

/** The part of the slice that a patch's tiles cover. */
export function patchRect(patch: LabelPatch, width: number, height: number): Rect {
  return patch.tiles.map((tile) => tileRect(tile, width, height)).reduce(union);
}

/** Everything that changes label pixels: each edit is one transaction and one step. */
export class LabelEdits {
  readonly #options: LabelEditsOptions;
  #stroke: Stroke | null = null;

  constructor(options: LabelEditsOptions) {
    this.#options = options;
  }

  /** True between a stroke's begin and its end. */
  get painting(): boolean {
    return this.#stroke !== null;
  }

  /** Begins a stroke; throws `project.read-only`, and an error when one is open. */
  beginStroke(intent: StrokeIntent): OpenStroke {
    const { tiles, changed, mustWrite, record } = this.#options;
    mustWrite();
    if (this.#stroke) throw new Error('a stroke is open already');
    const stroke = new Stroke(tiles, intent);
    this.#stroke = stroke;
    return {
      get end() {
        return stroke.end;
      },
      extend: (points) => {
        const rect = stroke.extend(points);
        if (rect) changed({ z: intent.z, rect, cause: 'stroke' });
      },
      commit: () => {
        this.#stroke = null;
        return record(intent.z, intent.name, stroke.commit()) !== null;
      },
      abort: () => {
        this.#stroke = null;
        const rect = stroke.abort();
        if (rect) changed({ z: intent.z, rect, cause: 'step' });
      },
    };
  }

  /** Accepts what is shown where nobody has looked; the tiles are loaded. Returns the number of pixels confirmed. */
  confirm(z: number, region: Region, shown: ShownClasses): number {
    const { width, height } = this.#options.tiles;
    const name = region.kind === 'slice' ? 'Confirm slice' : 'Confirm region';
    return this.#edit(z, name, regionBounds(region, width, height), (transaction) => {
      confirmRegion(transaction, region, width, height, shown);
    });
  }

  /** Takes all labels in a region away; the tiles are loaded. Returns the number of pixels changed. */
  erase(z: number, region: Region): number {
    const { width, height } = this.#options.tiles;
    return this.#edit(z, 'Erase region', regionBounds(region, width, height), (transaction) => {
      eraseRegion(transaction, region, width, height);
    });
  }

  /** One step on loaded tiles; returns the number of pixels changed. */
  #edit(
    z: number,
    name: string,
    bounds: Rect,
    write: (transaction: LabelTransaction) => void,
  ): number {
    const { tiles, mustWrite, record, changed } = this.#options;
    mustWrite();
    if (this.#stroke) throw new Error('a stroke is open');
    if (!tiles.isLoaded(z, bounds)) throw new Error('labels of the region are not loaded');
    const transaction = new LabelTransaction(tiles, z);
    write(transaction);
    const patch = record(z, name, transaction.commit());
    if (!patch) return 0;
    changed({ z, rect: patchRect(patch, tiles.width, tiles.height), cause: 'step' });
    return patchPixelCount(patch);
  }
}
