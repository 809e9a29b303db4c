import type { StackInfo } from '#contract/entities';
import { isAbort } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { MEMBRANE } from '#contract/label-byte';
import { intersect, type Rect } from '#contract/tiles';
import type { LabelSession } from '#labels/label-session';
import { Listeners } from '#labels/listeners';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import { MAX_RADIUS, MIN_RADIUS } from '#labels/stroke';
import type { BlockedReason, ToolHost, ToolPoint } from '../tools/tool';
import { ToolController } from '../tools/tool-controller';
import type { ToolName } from '../tools/tool-names';
import { BrushRing } from './brush-ring';
import { confirmShown } from './confirm-shown';
import { FrameLoop, type FrameCause, type Redraw } from './frame-loop';
import { LabelFeed } from './label-feed';
import { PointerProbe } from './pointer-probe';
import { SlicePicture } from './slice-picture';
import type { TileSource } from './tile-source';
import {
  centredOn,
  deviceRect,
  fitted,
  panned,
  toImage,
  toView,
  visibleRect,
  zoomedAt,
  type ViewGeometry,
} from './view-geometry';
import { listenToView, type ViewInputTarget } from './view-input';
import { ViewStage } from './view-stage';
import {
  defaultLayers,
  type BrushSettings,
  type DrawTiming,
  type EarlierMask,
  type Layers,
  type PointerInfo,
  type ViewPosition,
} from './view-types';
import { WheelReader } from './wheel';

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
 * element that it fills, driven by methods, heard through `on…` methods, which
 * return their disposers. While the pointer moves nothing but tiles, one
 * dirty rectangle and one redraw a frame happens.
 */
export class SliceView {
  readonly #container: HTMLElement;
  readonly #stage: ViewStage;
  readonly #ring: BrushRing;
  readonly #tools: ToolController;
  readonly #frames: FrameLoop;
  readonly #probe: PointerProbe;
  readonly #wheelReader = new WheelReader();
  readonly #disposers: (() => void)[] = [];
  readonly #viewChange = new Listeners<ViewPosition>();
  readonly #pointerInfo = new Listeners<PointerInfo | null>();
  readonly #drawn = new Listeners<DrawTiming>();
  readonly #sliceStep = new Listeners<number>();
  readonly #brushSize = new Listeners<number>();
  readonly #blocked = new Listeners<BlockedReason>();
  readonly #picked = new Listeners<number>();
  readonly #toolState = new Listeners<string>();
  readonly #failure = new Listeners<unknown>();
  #open: OpenStack | null = null;
  #waiting = new AbortController();
  #geometry: ViewGeometry = {
    viewWidth: 0,
    viewHeight: 0,
    pixelRatio: 1,
    imageWidth: 1,
    imageHeight: 1,
    zoom: 1,
    centre: { x: 0.5, y: 0.5 },
  };
  #fitted = true;
  #moved = true;
  #z = 0;
  #layers: Layers = defaultLayers;
  #classes: readonly { readonly id: number; readonly colour: string }[] = [];
  #threshold = 0.5;
  #overlaysHidden = false;
  #brush: BrushSettings = { radius: 12, label: MEMBRANE, mode: 'all' };
  #plainWheel: 'slices' | 'zoom' = 'slices';
  #outline: readonly Point[] | null = null;
  #pointer: Point | null = null;
  #idle: number | null = null;

  /** Fills `container`, which must have a position and a size; keyboard focus goes there while painting. */
  constructor(container: HTMLDivElement) {
    this.#container = container;
    if (!container.hasAttribute('tabindex')) container.tabIndex = 0;
    container.style.touchAction = 'none';
    const surface = document.createElement('div');
    container.append(surface);
    this.#stage = new ViewStage(surface, (context, clip) => {
      this.#complete =
        this.#open?.picture.draw(context, this.#geometry, this.#z, clip) ??
        this.#blank(context, clip);
    });
    this.#ring = new BrushRing(container);
    this.#frames = new FrameLoop((redraw, cause) => {
      this.#render(redraw, cause);
    });
    this.#probe = new PointerProbe((info) => {
      this.#pointerInfo.tell(info);
    });
    this.#tools = new ToolController(this.#toolHost(), (path) => {
      this.#showCursor();
      this.#toolState.tell(path);
    });
    const resize = new ResizeObserver(() => {
      this.#resize();
    });
    resize.observe(container);
    this.#disposers.push(
      listenToView(container, this.#inputTarget()),
      watchPixelRatio(() => {
        this.#resize();
      }),
      () => {
        resize.disconnect();
        surface.remove();
      },
    );
    this.#resize();
  }

  #complete = true;

  // What is shown.

  /** Shows another stack: its first slice, fitted. Tiles come from `source`, labels from `session`. */
  setStack(info: StackInfo, source: TileSource, session: LabelSession): void {
    this.clear();
    const picture = new SlicePicture({
      info,
      source,
      labels: session.tiles,
      changed: (z) => {
        if (z === this.#z) this.#frames.all();
        else this.#prepareNeighbours();
      },
      failed: (z, error) => {
        if (z === this.#z) this.#frames.all();
        this.#failure.tell(error);
      },
    });
    const labels = new LabelFeed(
      session,
      () => {
        this.#frames.all();
      },
      (error) => {
        this.#failure.tell(error);
      },
    );
    const stopListening = session.onChange(({ z, rect }) => {
      picture.labelsChanged(z, rect);
      if (z === this.#z) this.#frames.part(rect);
    });
    this.#open = { session, picture, labels, depth: info.depth, stopListening };
    this.#z = 0;
    this.#fitted = true;
    this.#moveTo(
      fitted({ ...this.#geometry, imageWidth: info.width, imageHeight: info.height }),
      true,
    );
    this.#restyle();
  }

  /** Shows nothing. */
  clear(): void {
    this.#tools.lose();
    this.#waiting.abort();
    this.#waiting = new AbortController();
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

  /** Goes to a slice; an open stroke is finished first, an outline goes. */
  showSlice(z: number): void {
    if (!this.#open || z === this.#z || z < 0 || z >= this.#open.depth) return;
    this.#tools.lose();
    this.#tools.escape();
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
    this.#restyle();
    this.#changed();
  }

  /** Only the raw image, as long as it is true. */
  hideOverlays(hidden: boolean): void {
    this.#overlaysHidden = hidden;
    this.#open?.picture.hideOverlays(hidden);
    this.#frames.all();
  }

  // Where it is looked at.

  get position(): ViewPosition {
    const { zoom, centre } = this.#geometry;
    return { z: this.#z, zoom, centre, fitted: this.#fitted };
  }

  setPosition(position: 'fit' | { readonly zoom: number; readonly centre: Point }): void {
    if (position === 'fit') {
      this.#moveTo(fitted(this.#geometry), true);
      return;
    }
    const middle = { x: this.#geometry.viewWidth / 2, y: this.#geometry.viewHeight / 2 };
    this.#moveTo(centredOn(zoomedAt(this.#geometry, middle, position.zoom), position.centre));
  }

  fit(): void {
    this.setPosition('fit');
  }

  /** CSS pixels per image pixel, about the middle of the view. */
  zoomTo(zoom: number): void {
    this.setPosition({ zoom, centre: this.#geometry.centre });
  }

  /** Zooms by a factor; the image stays under `at` (CSS pixels of the view). */
  zoomAt(at: Point, factor: number): void {
    this.#moveTo(zoomedAt(this.#geometry, at, this.#geometry.zoom * factor));
  }

  /** Moves the image by CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.#moveTo(panned(this.#geometry, dx, dy));
  }

  centreOn(image: Point): void {
    this.#moveTo(centredOn(this.#geometry, image));
  }

  // Tools.

  setTool(tool: ToolName): void {
    this.#tools.choose(tool);
    this.#showCursor();
  }

  setBrush(brush: BrushSettings): void {
    const radius = Math.min(MAX_RADIUS, Math.max(MIN_RADIUS, brush.radius));
    this.#brush = { ...brush, radius };
    this.#showCursor();
  }

  /** What the wheel does without a modifier; Ctrl + wheel does the other. */
  setWheel(plain: 'slices' | 'zoom'): void {
    this.#plainWheel = plain;
  }

  /** Takes back the gesture under way or the open outline; false when there is none. */
  abort(): boolean {
    return this.#tools.escape();
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
    return this.#confirm({ kind: 'rectangle', rect: visibleRect(this.#geometry) });
  }

  // What is told.

  /** At most once a frame. */
  onViewChange(listener: (position: ViewPosition) => void): () => void {
    return this.#viewChange.add(listener);
  }

  /** At most once a frame, never during a gesture; null when the pointer is not over the slice. */
  onPointerInfo(listener: (info: PointerInfo | null) => void): () => void {
    return this.#pointerInfo.add(listener);
  }

  onDrawn(listener: (timing: DrawTiming) => void): () => void {
    return this.#drawn.add(listener);
  }

  /** The wheel asks for slices further on (+) or back (−). */
  onSliceStep(listener: (steps: number) => void): () => void {
    return this.#sliceStep.add(listener);
  }

  /** Shift + wheel or Alt + drag chose a brush radius, in image pixels; it is in force already. */
  onBrushSize(listener: (radius: number) => void): () => void {
    return this.#brushSize.add(listener);
  }

  /** A press did nothing, and why. */
  onBlocked(listener: (reason: BlockedReason) => void): () => void {
    return this.#blocked.add(listener);
  }

  /** A label byte was picked from the slice. */
  onPicked(listener: (label: number) => void): () => void {
    return this.#picked.add(listener);
  }

  /** `brush.idle`, `brush.stroke`, `pan.drag`, `confirm-region.waiting` … */
  onToolState(listener: (path: string) => void): () => void {
    return this.#toolState.add(listener);
  }

  /** Tiles could not be read, or a region not be confirmed. */
  onFailure(listener: (error: unknown) => void): () => void {
    return this.#failure.add(listener);
  }

  dispose(): void {
    this.clear();
    this.#frames.dispose();
    if (this.#idle !== null) cancelIdleCallback(this.#idle);
    for (const dispose of this.#disposers) dispose();
    this.#ring.dispose();
    this.#stage.dispose();
  }

  async #confirm(region: Region): Promise<number> {
    const open = this.#open;
    if (!open) return 0;
    const reason = this.#cannotPaint(open);
    if (reason) {
      this.#blocked.tell(reason);
      return 0;
    }
    this.#tools.lose();
    const { session, picture } = open;
    const { signal } = this.#waiting;
    const request = { session, picture, z: this.#z, region, threshold: this.#threshold, signal };
    const confirmed = await confirmShown(request);
    if (confirmed !== 'no-prediction') return confirmed;
    this.#blocked.tell('no-prediction');
    return 0;
  }

  #cannotPaint({ session }: OpenStack): BlockedReason | null {
    if (session.access === 'read-only') return 'read-only';
    if (this.#overlaysHidden || !this.#layers.mask.visible) return 'mask-hidden';
    return null;
  }

  #toolHost(): ToolHost {
    const brush = (): BrushSettings => this.#brush;
    const z = (): number => this.#z;
    const labels = (): LabelSession | null => this.#open?.session ?? null;
    return {
      get labels() {
        return labels();
      },
      get z() {
        return z();
      },
      get brush() {
        return brush();
      },
      blocked: () => {
        const open = this.#open;
        if (!open) return 'loading';
        const ready = open.session.isLoaded(this.#z, visibleRect(this.#geometry));
        return this.#cannotPaint(open) ?? (ready ? null : 'loading');
      },
      tellBlocked: (reason) => {
        this.#blocked.tell(reason);
      },
      panBy: (dx, dy) => {
        this.panBy(dx, dy);
      },
      resizeBrush: (radius) => {
        this.#resizeBrush(radius);
      },
      showOutline: (points) => {
        this.#outline = points;
        this.#placeOutline();
      },
      confirmRegion: (region) => {
        this.#confirm(region).catch((error: unknown) => {
          if (!isAbort(error)) this.#failure.tell(error);
        });
      },
      pick: ({ x, y }) => {
        const label = this.#open?.session.tiles.labelAt(this.#z, Math.floor(x), Math.floor(y));
        if (label !== undefined) this.#picked.tell(label);
      },
    };
  }

  #inputTarget(): ViewInputTarget {
    const toolPoint = (view: Point): ToolPoint => ({
      image: toImage(this.#geometry, view),
      view,
    });
    return {
      press: (button, at, modifiers, event) => {
        if (!this.#open) return;
        this.#frames.causedBy(event);
        this.#pointAt(at);
        this.#tools.press(button, toolPoint(at), modifiers);
      },
      move: (points, event) => {
        if (this.#tools.busy) this.#frames.causedBy(event);
        const last = points.at(-1);
        if (last) this.#pointAt(last);
        this.#tools.drag(points.map(toolPoint));
      },
      release: (at, event) => {
        this.#frames.causedBy(event);
        this.#pointAt(at);
        this.#tools.release();
      },
      lose: () => {
        this.#tools.lose();
      },
      leave: () => {
        this.#pointAt(null);
      },
      wheel: (event, at) => {
        if (!this.#tools.busy) this.#turnWheel(event, at);
      },
      holdPan: (held) => {
        this.#tools.holdPan(held);
      },
      escape: () => this.#tools.escape(),
      accept: () => this.#tools.accept(),
    };
  }

  #turnWheel(event: WheelEvent, at: Point): void {
    const meaning = this.#wheelReader.read(event, this.#plainWheel);
    switch (meaning.kind) {
      case 'zoom':
        this.zoomAt(at, meaning.factor);
        break;
      case 'brush':
        this.#resizeBrush(this.#brush.radius * meaning.factor);
        break;
      case 'slices':
        this.#sliceStep.tell(meaning.steps);
        break;
      case 'nothing':
        break;
    }
  }

  #resizeBrush(radius: number): void {
    this.setBrush({ ...this.#brush, radius });
    this.#brushSize.tell(this.#brush.radius);
  }

  #pointAt(at: Point | null): void {
    this.#pointer = at;
    this.#showCursor();
    this.#frames.wake();
  }

  #showCursor(): void {
    const [tool = '', state = ''] = this.#tools.path.split('.');
    const paints = tool === 'brush' || tool === 'eraser' || tool === 'pick-or-resize';
    const radius = this.#brush.radius * this.#geometry.zoom;
    let cursor = 'crosshair';
    if (paints && this.#pointer && this.#open) {
      if (this.#ring.show(this.#pointer, radius)) cursor = 'none';
    } else this.#ring.hide();
    if (tool === 'pan') cursor = state === 'drag' ? 'grabbing' : 'grab';
    const { style } = this.#container;
    if (style.cursor !== cursor) style.cursor = cursor;
  }

  #placeOutline(): void {
    const points = this.#outline?.map((point) => toView(this.#geometry, point));
    this.#stage.showOutline(points ?? null);
  }

  #moveTo(geometry: ViewGeometry, fit = false): void {
    this.#geometry = geometry;
    this.#fitted = fit;
    this.#changed();
    this.#placeOutline();
    this.#showCursor();
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
    const { clientWidth: viewWidth, clientHeight: viewHeight } = this.#container;
    const pixelRatio = window.devicePixelRatio;
    this.#stage.resize(viewWidth, viewHeight, pixelRatio);
    const geometry = { ...this.#geometry, viewWidth, viewHeight, pixelRatio };
    this.#moveTo(this.#fitted ? fitted(geometry) : geometry, this.#fitted);
    // A resized canvas is blank: fill it before it is seen.
    this.#frames.now();
  }

  #blank(context: CanvasRenderingContext2D, clip: Rect): boolean {
    context.clearRect(clip.x, clip.y, clip.width, clip.height);
    return true;
  }

  #render(redraw: Redraw, cause: FrameCause | null): void {
    const started = performance.now();
    const { width, height } = this.#stage.size;
    const open = this.#open;
    const whole: Rect = { x: 0, y: 0, width, height };
    if (this.#moved && open && width > 0 && height > 0) {
      this.#moved = false;
      open.picture.want(this.#geometry, this.#z);
      open.labels.want(this.#geometry, this.#z, open.depth);
      this.#viewChange.tell(this.position);
    }
    // A slice that has nothing to show yet leaves the last one standing instead of flashing black.
    const waits = open !== null && !open.picture.hasAny(this.#geometry, this.#z);
    const clip = redraw.kind === 'part' ? this.#deviceClip(redraw.rect, whole) : whole;
    if (redraw.kind !== 'none' && clip && !waits) {
      this.#stage.draw(clip);
      this.#drawn.tell({
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
    if (open && !this.#tools.busy) {
      const at = this.#pointer && toImage(this.#geometry, this.#pointer);
      this.#probe.ask(open.picture, open.session.tiles, this.#z, at);
    }
    this.#prepareNeighbours();
  }

  #deviceClip(rect: Rect, whole: Rect): Rect | null {
    const { x, y, width, height } = deviceRect(this.#geometry, rect);
    return intersect({ x: x - 2, y: y - 2, width: width + 4, height: height + 4 }, whole);
  }

  /** In idle moments, pictures that the next turn of the wheel will need. */
  #prepareNeighbours(): void {
    this.#idle ??= requestIdleCallback(() => {
      this.#idle = null;
      const open = this.#open;
      if (!open || this.#tools.busy) return;
      const more =
        open.picture.prepare(this.#geometry, this.#z + 1) ||
        open.picture.prepare(this.#geometry, this.#z - 1);
      if (more) this.#prepareNeighbours();
    });
  }
}

/** Calls when the window comes to a screen of another pixel density. Returns the disposer. */
function watchPixelRatio(changed: () => void): () => void {
  const stop = new AbortController();
  const watch = (): void => {
    const query = window.matchMedia(`(resolution: ${String(window.devicePixelRatio)}dppx)`);
    const listener = (): void => {
      changed();
      watch();
    };
    query.addEventListener('change', listener, { once: true, signal: stop.signal });
  };
  watch();
  return () => {
    stop.abort();
  };
}
