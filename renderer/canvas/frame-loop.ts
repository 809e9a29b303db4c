import { union, type Rect } from '#contract/tiles';

/** What the next frame has to draw; rectangles in image pixels. */
export type Redraw =
  | { readonly kind: 'none' }
  | { readonly kind: 'part'; readonly rect: Rect }
  | { readonly kind: 'all' };

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
