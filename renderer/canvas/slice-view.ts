import type { StackInfo } from '#contract/entities';
import { isAbort } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { intersect, type Rect } from '#contract/tiles';
import type { LabelSession } from '#labels/label-session';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import type { BlockedReason, BrushSettings } from '../tools/tool';
import type { ToolName } from '../tools/tool-names';
import { confirmShown } from './confirm-shown';
import { FrameLoop, type FrameCause, type Redraw } from './frame-loop';
import { LabelFeed } from './label-feed';
import { watchPixelRatio } from './pixel-ratio';
import { PointerProbe } from './pointer-probe';
import { SlicePicture } from './slice-picture';
import type { TileSource } from './tile-source';
import { ViewCamera } from './view-camera';
import { ViewEvents } from './view-events';
import { deviceRect, visibleRect, type ViewGeometry } from './view-geometry';
import { ViewStage } from './view-stage';
import { ViewTools } from './view-tools';
import { defaultLayers, type EarlierMask, type Layers, type ViewPosition } from './view-types';

/** A stack in view, with everything that goes when another one comes. */
interface OpenStack {
  readonly session: LabelSession;
  readonly picture: SlicePicture;
  readonly labels: LabelFeed;
  readonly depth: number;
  readonly stopListening: () => void;
}

/**
 * A slice on the screen, with tools to paint it. Framework-free: made with an
 * element that it fills, driven by methods, heard through `on…` methods. While
 * the pointer moves nothing happens but tiles, one dirty rectangle and one
 * redraw a frame. It listens itself for Space (pan), Escape and Enter (only
 * while a gesture or an outline is open).
 */
export class SliceView extends ViewEvents {
  readonly #container: HTMLElement;
  readonly #stage: ViewStage;
  readonly #camera: ViewCamera;
  readonly #tools: ViewTools;
  readonly #frames: FrameLoop;
  readonly #probe: PointerProbe;
  readonly #disposers: readonly (() => void)[];
  #open: OpenStack | null = null;
  #z = 0;
  #layers: Layers = defaultLayers;
  #classes: readonly { readonly id: number; readonly colour: string }[] = [];
  #threshold = 0.5;
  #overlaysHidden = false;
  #confirming = new AbortController();
  /** Other tiles than last time are to be asked for. */
  #moved = true;
  /** The last drawing had all its tiles. */
  #complete = true;
  #idle: number | null = null;

  /** Fills `container`, which must have a position and a size; keyboard focus goes there while painting. */
  constructor(container: HTMLElement) {
    super();
    this.#container = container;
    if (!container.hasAttribute('tabindex')) container.tabIndex = 0;
    const surface = document.createElement('div');
    container.append(surface);
    this.#stage = new ViewStage(surface, (context, clip) => {
      this.#draw(context, clip);
    });
    this.#frames = new FrameLoop((redraw, cause) => {
      this.#render(redraw, cause);
    });
    this.#camera = new ViewCamera(() => {
      this.#changed();
      this.#tools.follow();
    });
    this.#probe = new PointerProbe((info) => {
      this.topics.pointerInfo.tell(info);
    });
    this.#tools = new ViewTools({
      container,
      stage: this.#stage,
      camera: this.#camera,
      frames: this.#frames,
      topics: this.topics,
      slice: () => this.#open && { session: this.#open.session, z: this.#z },
      blocked: () => this.#blocked(),
      confirm: (region) => {
        this.#confirm(region).catch((error: unknown) => {
          if (!isAbort(error)) this.topics.failure.tell(error);
        });
      },
    });
    const resize = (): void => {
      this.#resize();
    };
    const observer = new ResizeObserver(resize);
    observer.observe(container);
    this.#disposers = [
      watchPixelRatio(resize),
      () => {
        observer.disconnect();
        surface.remove();
      },
    ];
    resize();
  }

  /** Shows a stack: its first slice, fitted. Tiles come from `source`, labels from `session`; window and prediction are set afterwards. */
  setStack(info: StackInfo, source: TileSource, session: LabelSession): void {
    this.clear();
    const arrived = (z: number): void => {
      if (z === this.#z) this.#frames.all();
      else this.#prepareNeighbours();
    };
    const failed = (error: unknown): void => {
      this.#frames.all();
      this.topics.failure.tell(error);
    };
    const picture = new SlicePicture({ info, source, labels: session.tiles, arrived, failed });
    const labels = new LabelFeed(session, arrived, failed);
    const stopListening = session.onChange(({ z, rect }) => {
      picture.labelsChanged(z, rect);
      if (z === this.#z) this.#frames.part(rect);
    });
    picture.hideOverlays(this.#overlaysHidden);
    this.#open = { session, picture, labels, depth: info.depth, stopListening };
    this.#z = 0;
    this.#camera.setImage(info.width, info.height);
    this.#restyle();
  }

  /** Shows nothing; a stroke under way is finished. */
  clear(): void {
    this.#tools.settle();
    this.#tools.abort();
    this.#confirming.abort();
    this.#confirming = new AbortController();
    this.#probe.stop();
    const open = this.#open;
    this.#open = null;
    open?.stopListening();
    open?.labels.dispose();
    open?.picture.dispose();
    this.#frames.all();
  }

  get z(): number {
    return this.#z;
  }

  /** Goes to a slice; a stroke under way is finished first, an outline goes. */
  showSlice(z: number): void {
    if (!this.#open || z === this.#z || z < 0 || z >= this.#open.depth) return;
    this.#tools.settle();
    this.#tools.abort();
    this.#z = z;
    this.#changed();
  }

  /** Raw values shown black (`min`) and white (`max`); gamma above 1 lifts the dark parts. */
  setWindow(min: number, max: number, gamma = 1): void {
    this.#open?.picture.setWindow({ min, max, gamma });
    this.#frames.all();
  }

  setLayers(layers: Layers): void {
    this.#layers = layers;
    this.#restyle();
  }

  /** Colours of classes beyond interior and membrane. */
  setClasses(classes: readonly { readonly id: number; readonly colour: string }[]): void {
    this.#classes = classes;
    this.#restyle();
  }

  /** Membrane from this probability (0…1) on; redrawn with the next frame. */
  setThreshold(threshold: number): void {
    this.#threshold = threshold;
    this.#restyle();
  }

  /** Whose probability maps are shown; null = none. */
  setPrediction(model: ModelId | null): void {
    this.#open?.picture.setModel(model);
    this.#changed();
  }

  /** Slices that a model has just predicted anew. */
  refreshPrediction(model: ModelId, slices: readonly number[]): void {
    this.#open?.picture.forgetPrediction(model, new Set(slices));
    this.#changed();
  }

  /** Marks pixels whose mask flipped since an earlier model; null ends it. */
  showChanged(earlier: EarlierMask | null): void {
    this.#open?.picture.compareWith(earlier);
    this.#changed();
  }

  /** Only the raw image, as long as it is true. */
  hideOverlays(hidden: boolean): void {
    this.#overlaysHidden = hidden;
    this.#open?.picture.hideOverlays(hidden);
    this.#frames.all();
  }

  get geometry(): ViewGeometry {
    return this.#camera.geometry;
  }

  get position(): ViewPosition {
    const { zoom, centre } = this.#camera.geometry;
    return { z: this.#z, zoom, centre, fitted: this.#camera.fitted };
  }

  setPosition(position: 'fit' | { readonly zoom: number; readonly centre: Point }): void {
    if (position === 'fit') this.#camera.fit();
    else this.#camera.place(position.zoom, position.centre);
  }

  fit(): void {
    this.#camera.fit();
  }

  /** CSS pixels per image pixel, about the middle of the view. */
  zoomTo(zoom: number): void {
    this.#camera.place(zoom, this.#camera.geometry.centre);
  }

  /** Zooms by a factor; the image stays under `at` (CSS pixels of the view; its middle when left out). */
  zoomAt(at: Point | null, factor: number): void {
    const { viewWidth, viewHeight } = this.#camera.geometry;
    this.#camera.zoomAt(at ?? { x: viewWidth / 2, y: viewHeight / 2 }, factor);
  }

  /** Moves the image by CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.#camera.panBy(dx, dy);
  }

  centreOn(image: Point): void {
    this.#camera.place(this.#camera.geometry.zoom, image);
  }

  setTool(tool: ToolName): void {
    this.#tools.choose(tool);
  }

  setBrush(brush: BrushSettings): void {
    this.#tools.setBrush(brush);
  }

  /** What the wheel does without a modifier; Ctrl + wheel does the other. */
  setWheel(plain: 'slices' | 'zoom'): void {
    this.#tools.setWheel(plain);
  }

  /** Takes back the gesture under way or the open outline; false when there is none. */
  abort(): boolean {
    return this.#tools.abort();
  }

  /** Confirms the outlined region; false when none is outlined. */
  accept(): boolean {
    return this.#tools.accept();
  }

  /** Accepts the mask of the whole slice as shown; resolves with the pixels confirmed. */
  confirmSlice(): Promise<number> {
    return this.#confirm({ kind: 'slice' });
  }

  /** Accepts the mask of the part in sight. */
  confirmVisible(): Promise<number> {
    return this.#confirm({ kind: 'rectangle', rect: visibleRect(this.#camera.geometry) });
  }

  dispose(): void {
    this.clear();
    this.#frames.dispose();
    if (this.#idle !== null) cancelIdleCallback(this.#idle);
    this.#tools.dispose();
    this.#stage.dispose();
    for (const dispose of this.#disposers) dispose();
  }

  async #confirm(region: Region): Promise<number> {
    const open = this.#open;
    if (!open) return 0;
    const reason = this.#refused(open);
    if (reason) {
      this.topics.blocked.tell(reason);
      return 0;
    }
    this.#tools.settle();
    const { session, picture } = open;
    const { signal } = this.#confirming;
    const threshold = this.#threshold;
    const answer = await confirmShown({ session, picture, z: this.#z, region, threshold, signal });
    if (answer !== 'no-prediction') return answer;
    this.topics.blocked.tell(answer);
    return 0;
  }

  #refused({ session }: OpenStack): BlockedReason | null {
    if (session.access === 'read-only') return 'read-only';
    return this.#overlaysHidden || !this.#layers.mask.visible ? 'mask-hidden' : null;
  }

  #blocked(): BlockedReason | null {
    const open = this.#open;
    if (!open) return 'loading';
    const reason = this.#refused(open);
    if (reason) return reason;
    const loaded = open.session.isLoaded(this.#z, visibleRect(this.#camera.geometry));
    return loaded ? null : 'loading';
  }

  #changed(): void {
    this.#moved = true;
    this.#frames.all();
  }

  #restyle(): void {
    const layers = this.#layers;
    this.#open?.picture.setLook({ layers, classes: this.#classes, threshold: this.#threshold });
    this.#frames.all();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#container;
    const pixelRatio = window.devicePixelRatio;
    this.#stage.resize(clientWidth, clientHeight, pixelRatio);
    this.#camera.setView(clientWidth, clientHeight, pixelRatio);
    // A resized canvas is blank: fill it before it is seen.
    this.#frames.now();
  }

  #draw(context: CanvasRenderingContext2D, clip: Rect): void {
    const picture = this.#open?.picture;
    if (picture) this.#complete = picture.draw(context, this.#camera.geometry, this.#z, clip);
    else context.clearRect(clip.x, clip.y, clip.width, clip.height);
  }

  #render(redraw: Redraw, cause: FrameCause | null): void {
    const started = performance.now();
    const open = this.#open;
    if (this.#moved && open) this.#follow(open);
    const clip = this.#clip(redraw);
    // A slice that has nothing to show yet leaves the last one standing instead of flashing black.
    const waits = open !== null && !open.picture.hasAny(this.#camera.geometry, this.#z);
    if (clip && !waits) {
      this.#stage.draw(clip);
      this.topics.drawn.tell({
        kind: redraw.kind === 'part' ? 'stroke' : 'view',
        z: this.#z,
        dispatched: cause?.dispatched ?? null,
        stamped: cause?.stamped ?? null,
        started,
        done: performance.now(),
        pixels: clip.width * clip.height,
        complete: this.#complete,
      });
    }
    if (!open || this.#tools.busy) return;
    this.#probe.ask(open.picture, open.session.tiles, this.#z, this.#tools.pointerOverImage);
    this.#prepareNeighbours();
  }

  #follow(open: OpenStack): void {
    const { geometry } = this.#camera;
    if (geometry.viewWidth === 0 || geometry.viewHeight === 0) return;
    this.#moved = false;
    open.picture.want(geometry, this.#z);
    open.labels.want(geometry, this.#z, open.depth);
    this.topics.viewChange.tell(this.position);
  }

  /** What to draw, in device pixels; a part grows by what smoothing may touch. */
  #clip(redraw: Redraw): Rect | null {
    const { width, height } = this.#stage.size;
    if (redraw.kind === 'none' || width === 0 || height === 0) return null;
    const whole: Rect = { x: 0, y: 0, width, height };
    if (redraw.kind === 'all') return whole;
    const part = deviceRect(this.#camera.geometry, redraw.rect);
    const { x, y } = part;
    return intersect({ x: x - 2, y: y - 2, width: part.width + 4, height: part.height + 4 }, whole);
  }

  /** In idle moments, pictures that the next turn of the wheel will need. */
  #prepareNeighbours(): void {
    this.#idle ??= requestIdleCallback(() => {
      this.#idle = null;
      const open = this.#open;
      if (!open || this.#tools.busy) return;
      const { geometry } = this.#camera;
      const more =
        open.picture.prepare(geometry, this.#z + 1) || open.picture.prepare(geometry, this.#z - 1);
      if (more) this.#prepareNeighbours();
    });
  }
}
