import type { TilePatch } from '#contract/label-patch';
import type { Rect } from '#contract/tiles';
import { editWriter, type PixelEdit } from './pixel-edit';
import type { PaintRule } from './paint-mode';
import { rasterizeCapsule, SQUARE, type Point, type SpanSink } from './rasterize';
import type { LabelTiles } from './tile-store';
import { LabelTransaction } from './transaction';

/** Smallest and largest brush radius in image pixels. */
export const MIN_RADIUS = 0.5;
export const MAX_RADIUS = 500;

/** Where and how wide a stroke goes; frozen when it begins. */
interface StrokeWay {
  readonly z: number;
  /** Pixels of a slice, MIN_RADIUS…MAX_RADIUS. */
  readonly radius: number;
  /** For "Undo …". */
  readonly name: string;
}

/** What a stroke does: writes one label byte (UNTOUCHED takes labels away), or flows as another ink. */
export type StrokeIntent = StrokeWay &
  ({ readonly label: number; readonly rule: PaintRule } | { readonly ink: PixelEdit });

/**
 * A round brush on its way: the union of capsules between the points so far.
 * `extend` draws the new part only. Paints on loaded tiles alone: the view
 * loads every tile in sight before it lets a stroke begin, so what is left out
 * lies where nobody can see it. In a plane whose pixels are no squares the
 * brush is round to the eye, and never thinner than one of them.
 */
export class Stroke {
  readonly intent: StrokeIntent;
  readonly #transaction: LabelTransaction;
  readonly #slice: Rect;
  readonly #span: SpanSink;
  readonly #stretch: Point;
  #end: Point | undefined;
  #radius: number;

  /** `stretch` = length and height of a pixel, in pixels of a slice. */
  constructor(tiles: LabelTiles, intent: StrokeIntent, stretch: Point = SQUARE) {
    this.#stretch = stretch;
    this.intent = { ...intent, radius: withinLimits(intent.radius) };
    this.#radius = this.intent.radius;
    this.#slice = { x: 0, y: 0, width: tiles.width, height: tiles.height };
    this.#transaction = new LabelTransaction(tiles, intent.z);
    this.#span = editWriter(
      this.#transaction,
      'ink' in intent ? intent.ink : { kind: 'paint', label: intent.label, rule: intent.rule },
    );
  }

  /** Where the brush is now. */
  get end(): Point | undefined {
    return this.#end;
  }

  /**
   * Goes on through `points` (image pixels), its radius times `pressure`
   * (0…1) at their end; the rectangle that may look different now, clipped to
   * the slice, or null.
   */
  extend(points: readonly Point[], pressure = 1): Rect | null {
    const radius = withinLimits(this.intent.radius * pressure);
    // A stroke begins as wide as it is pressed.
    let fromRadius = this.#end ? this.#radius : radius;
    const widest = Math.max(fromRadius, radius);
    let left = Infinity;
    let top = Infinity;
    let right = -Infinity;
    let bottom = -Infinity;
    for (const point of points) {
      const from = this.#end ?? point;
      rasterizeCapsule(
        middleOf(from, fromRadius, this.#stretch),
        middleOf(point, radius, this.#stretch),
        fromRadius,
        this.#slice,
        this.#span,
        radius,
        this.#stretch,
      );
      fromRadius = radius;
      this.#end = point;
      left = Math.min(left, from.x, point.x);
      top = Math.min(top, from.y, point.y);
      right = Math.max(right, from.x, point.x);
      bottom = Math.max(bottom, from.y, point.y);
    }
    this.#radius = fromRadius;
    const across = widest / this.#stretch.x + 1;
    const down = widest / this.#stretch.y + 1;
    const x = Math.max(0, Math.floor(left - across));
    const y = Math.max(0, Math.floor(top - down));
    const width = Math.min(this.#slice.width, Math.ceil(right + across)) - x;
    const height = Math.min(this.#slice.height, Math.ceil(bottom + down)) - y;
    return width > 0 && height > 0 ? { x, y, width, height } : null;
  }

  /** Ends the stroke and keeps it; empty when it changed nothing. */
  commit(): TilePatch[] {
    return this.#transaction.commit();
  }

  /** Ends the stroke and puts every pixel back; the rectangle to redraw, or null. */
  abort(): Rect | null {
    const touched = this.#transaction.touched();
    this.#transaction.abort();
    return touched;
  }
}

function withinLimits(radius: number): number {
  return Math.min(MAX_RADIUS, Math.max(MIN_RADIUS, radius));
}

/**
 * A brush that is thinner than a long pixel goes along the middle of those
 * under it: their centres are what it has to reach.
 */
function middleOf({ x, y }: Point, radius: number, stretch: Point): Point {
  const middle = (at: number, length: number): number =>
    length > 1 && radius < length ? Math.floor(at) + 0.5 : at;
  return { x: middle(x, stretch.x), y: middle(y, stretch.y) };
}
