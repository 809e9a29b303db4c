import { intersect, union, type Rect } from '#contract/tiles';
import { deviceRect, type ViewGeometry } from '../camera/view-geometry';

/** What the next frame has to draw; rectangles in image pixels. */
export type Redraw =
  | { readonly kind: 'none' }
  | { readonly kind: 'part'; readonly rect: Rect }
  | { readonly kind: 'all' };

/** What to draw of a canvas of `size`, in device pixels; a part grows by what smoothing may touch. Null = nothing. */
export function clipOf(
  redraw: Redraw,
  size: { readonly width: number; readonly height: number },
  geometry: ViewGeometry,
): Rect | null {
  const { width, height } = size;
  if (redraw.kind === 'none' || width === 0 || height === 0) return null;
  const whole: Rect = { x: 0, y: 0, width, height };
  if (redraw.kind === 'all') return whole;
  const part = deviceRect(geometry, redraw.rect);
  const { x, y } = part;
  return intersect({ x: x - 2, y: y - 2, width: part.width + 4, height: part.height + 4 }, whole);
}

/** The pointer event that made a frame: when its handler ran, and its own time stamp. */
export interface FrameCause {
  readonly dispatched: number;
  readonly stamped: number;
}

/** Gathers what changes between two frames and has it drawn once. */
export class FrameLoop {
  readonly #draw: (redraw: Redraw, cause: FrameCause | null) => void;
  #redraw: Redraw = { kind: 'none' };
  #cause: FrameCause | null = null;
  #frame: number | null = null;

  constructor(draw: (redraw: Redraw, cause: FrameCause | null) => void) {
    this.#draw = draw;
  }

  /** Draws everything with the next frame. */
  all(): void {
    this.#redraw = { kind: 'all' };
    this.wake();
  }

  /** Draws a rectangle with the next frame. */
  part(rect: Rect): void {
    if (this.#redraw.kind === 'none') this.#redraw = { kind: 'part', rect };
    else if (this.#redraw.kind === 'part')
      this.#redraw = { kind: 'part', rect: union(this.#redraw.rect, rect) };
    this.wake();
  }

  /** Names the pointer event behind what follows; the oldest of a frame stays. */
  causedBy(event: PointerEvent): void {
    this.#cause ??= { dispatched: performance.now(), stamped: event.timeStamp };
  }

  /** Has the next frame called, if only for what else waits for it. */
  wake(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.now();
    });
  }

  /** Draws at once what is due. */
  now(): void {
    const redraw = this.#redraw;
    const cause = this.#cause;
    this.#redraw = { kind: 'none' };
    this.#cause = null;
    this.#draw(redraw, cause);
  }

  dispose(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }
}
