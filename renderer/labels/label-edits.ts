import { patchPixelCount, type LabelPatch, type TilePatch } from '#contract/label-patch';
import { tileRect, union, type Rect } from '#contract/tiles';
import { editWriter, type PixelEdit } from './pixel-edit';
import type { PaintRule } from './paint-mode';
import { forEachSpan, type PixelArea } from './pixel-area';
import type { Point } from './rasterize';
import { regionArea, type Region, type ShownClasses } from './region';
import { Stroke, type StrokeIntent } from './stroke';
import type { LabelTiles } from './tile-store';
import { LabelTransaction } from './transaction';
import { writeArea } from './write-area';

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
  /** Goes on through `points` (image pixels); a pen pressed by `pressure` (0…1) paints with that part of the radius. */
  extend(points: readonly Point[], pressure?: number): void;
  /** False when it changed nothing. */
  commit(): boolean;
  abort(): void;
}

/** The tiles of a step. */
type ChangedTiles = Pick<LabelPatch, 'tiles'>;

/** What edits of label pixels stand on. */
export interface LabelEditsOptions {
  readonly tiles: LabelTiles;
  /** Throws where nothing may be changed. */
  readonly assertWritable: () => void;
  /** Makes a step of changed tiles; null when there are none. */
  readonly record: (z: number, name: string, tiles: readonly TilePatch[]) => ChangedTiles | null;
  readonly changed: (change: LabelChange) => void;
  /** Length and height of a pixel, in pixels of a slice, where it is no square. */
  readonly stretch?: Point;
}

/** The part of the slice that a patch's tiles cover. */
export function patchRect(patch: ChangedTiles, width: number, height: number): Rect {
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
    const { tiles, changed, assertWritable, record } = this.#options;
    assertWritable();
    if (this.#stroke) throw new Error('a stroke is open already');
    const stroke = new Stroke(tiles, intent, this.#options.stretch);
    this.#stroke = stroke;
    return {
      get end() {
        return stroke.end;
      },
      extend: (points, pressure) => {
        const rect = stroke.extend(points, pressure);
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
    const name = region.kind === 'slice' ? 'Confirm slice' : 'Confirm region';
    return this.#ink(z, name, this.#areaOf(region), { kind: 'confirm', shown });
  }

  /** Writes a label byte to an area where the rule lets it; returns the number of pixels changed, 0 = no step. */
  paint(z: number, name: string, area: PixelArea, label: number, rule: PaintRule): number {
    return this.#ink(z, name, area, { kind: 'paint', label, rule });
  }

  /** Writes a label byte of its own to every pixel of an area, in span order, where the rule lets it. */
  write(z: number, name: string, area: PixelArea, labels: Uint8Array, rule: PaintRule): number {
    return this.#edit(z, name, area, (transaction) => {
      writeArea(transaction, area, labels, rule);
    });
  }

  /** Accepts what is shown in an area where nobody has looked. */
  confirmArea(z: number, name: string, area: PixelArea, shown: ShownClasses): number {
    return this.#ink(z, name, area, { kind: 'confirm', shown });
  }

  /** Takes confirmations in an area back, but of locked classes; what was painted stays. */
  unreview(z: number, name: string, area: PixelArea, locked: ReadonlySet<number>): number {
    return this.#ink(z, name, area, { kind: 'unreview', locked });
  }

  #areaOf(region: Region): PixelArea {
    const { width, height } = this.#options.tiles;
    return regionArea(region, width, height);
  }

  #ink(z: number, name: string, area: PixelArea, ink: PixelEdit): number {
    return this.#edit(z, name, area, (transaction) => {
      forEachSpan(area, editWriter(transaction, ink));
    });
  }

  /** One step on loaded tiles; returns the number of pixels changed. */
  #edit(
    z: number,
    name: string,
    { bounds }: PixelArea,
    write: (transaction: LabelTransaction) => void,
  ): number {
    const { tiles, assertWritable, record, changed } = this.#options;
    assertWritable();
    if (this.#stroke) throw new Error('a stroke is open');
    if (!tiles.isLoaded(z, bounds)) throw new Error('labels of the area are not loaded');
    const transaction = new LabelTransaction(tiles, z);
    try {
      write(transaction);
    } catch (error) {
      transaction.abort();
      throw error;
    }
    const patch = record(z, name, transaction.commit());
    if (!patch) return 0;
    changed({ z, rect: patchRect(patch, tiles.width, tiles.height), cause: 'step' });
    return patchPixelCount(patch);
  }
}
