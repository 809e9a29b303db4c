import type { SliceStatistics, ViewState as SavedView } from '#contract/entities';
import type { Rect } from '#contract/tiles';
import type { Point } from '#labels/rasterize';
import type { PointerInfo } from '../../canvas/view-types';
import { automaticWindow, steadyWindow, type ContrastWindow } from './contrast-window';
import { SliceNavigation } from './slice-navigation';

/** What commands do in whichever view has the keys. */
export interface Hand {
  fit(): void;
  actualSize(): void;
  /** Zooms about the middle of the view; above 1 = closer. */
  zoomBy(factor: number): void;
  /** Drops the stroke in progress; false if there is none. */
  abort(): boolean;
  /** Takes the step that waits (Enter); false if there is none. */
  accept(): boolean;
  /** Moves the keyboard's crosshair by image pixels. */
  moveCursor(dx: number, dy: number): void;
  /** The key that presses at the crosshair went down; `straight` = with Shift. */
  pressCursor(straight: boolean): void;
  cursorKeyUp(): void;
}

/** What commands ask of the picture of slices; the mounted canvas lends itself to it. */
export interface Picture extends Hand {
  /** Brings an image point to a place of the view (shares of its width and height), at CSS pixels per image pixel. */
  lookAt(point: Point, zoom: number, place: Point): void;
  /** What is in sight of the slice, in image pixels; empty while nothing is shown. */
  sight(): Rect;
  /** What is known of a pixel, once it is read; null while no slice is shown. */
  inspect(x: number, y: number, signal: AbortSignal): Promise<PointerInfo | null>;
  /** Proposes to fill the slices between painted ones; again = takes it. */
  interpolate(): Promise<void>;
  /** Proposes to copy the class in hand to the next (1) or previous (−1) slice; again = takes it. */
  copyToSlice(step: 1 | -1): Promise<void>;
  /** Resolves with the pixels confirmed. */
  confirmSlice(): Promise<number>;
  /** Puts a map of the slice into an element; returns the disposer. */
  mountMinimap(element: HTMLElement): () => void;
}

/** A menu over the slice: window CSS pixels, and the image pixel that it is about. */
export interface SliceMenuPlace {
  readonly x: number;
  readonly y: number;
  readonly pixel: {
    readonly x: number;
    readonly y: number;
    /** The slice, where it is not the one in view. */
    readonly z?: number;
  } | null;
}

/** Where the user looks: slice, zoom, contrast, pointer. */
export class ViewState {
  z = $state(0);
  depth = $state(1);
  zoom = $state<number | null>(null);
  centre = $state.raw<{ x: number; y: number } | null>(null);
  /** Screen pixels per image pixel as drawn, fit included. */
  scale = $state(1);
  /** The user's contrast; null = automatic. */
  chosenWindow = $state.raw<ContrastWindow | null>(null);
  /** 1 = straight; above 1 lifts the dark parts. */
  gamma = $state(1);
  invert = $state(false);
  minimap = $state(true);
  statistics = $state.raw<SliceStatistics | null>(null);
  pointer = $state.raw<PointerInfo | null>(null);
  picture = $state.raw<Picture | null>(null);
  menu = $state.raw<SliceMenuPlace | null>(null);

  readonly #turns = new SliceNavigation((z) => this.goTo(z));
  /** Automatic contrast of the slices seen last. */
  #automatic: ContrastWindow | null = null;

  /** The contrast in force: the user's, else the 0.5 and 99.5 percentiles of the slice, as steady as may be. */
  readonly window = $derived.by((): ContrastWindow | null => {
    if (this.chosenWindow) return this.chosenWindow;
    if (!this.statistics) return null;
    this.#automatic = steadyWindow(this.#automatic, automaticWindow(this.statistics));
    return this.#automatic;
  });

  start(saved: SavedView, depth: number): void {
    this.depth = Math.max(1, depth);
    this.z = Math.min(Math.max(0, saved.z), this.depth - 1);
    this.zoom = saved.zoom;
    this.centre = saved.centre;
    this.chosenWindow = saved.window;
    this.gamma = saved.gamma;
    this.invert = saved.invert;
    this.minimap = saved.minimap;
    this.statistics = null;
    this.#automatic = null;
    this.pointer = null;
    this.#turns.leave(this.z);
  }

  /** The contrast as it was before anybody touched it. */
  resetContrast(): void {
    this.chosenWindow = null;
    this.#automatic = null;
    this.gamma = 1;
    this.invert = false;
  }

  /** Goes to a slice, clamped to the stack; false if that is where it was. */
  goTo(z: number): boolean {
    const target = this.#within(z);
    this.#turns.stay();
    if (target === this.z) return false;
    this.z = target;
    this.#turns.leave(target);
    return true;
  }

  /** Turns to a slice; while the one in view is still on its way, turns gather. */
  turnTo(z: number): void {
    this.#turns.turnTo(this.#within(z));
  }

  /** Turns slices on (+) or back (−), from where the turns so far lead. */
  turnBy(slices: number): void {
    this.turnTo((this.#turns.waiting ?? this.z) + slices);
  }

  /** The slices that come next if turns go on as they do, in their order; empty = nobody knows. */
  get ahead(): number[] {
    return this.#turns.ahead.filter((z) => z !== this.z && this.#within(z) === z);
  }

  /** Turns have gathered: slices are asked for faster than they come up. */
  get hurried(): boolean {
    return this.#turns.waiting !== null;
  }

  /** Makes turns that wait: what comes now is meant for the slice they lead to. False if there are none. */
  arrive(): boolean {
    return this.#turns.arrive();
  }

  /** Drops turns that wait: somebody points at what is shown. */
  stay(): void {
    this.#turns.stay();
  }

  /** A slice is drawn completely. */
  cameUp(z: number): void {
    if (z === this.z) this.#turns.comeUp();
  }

  #within(z: number): number {
    return Math.min(Math.max(0, Math.round(z)), this.depth - 1);
  }
}
