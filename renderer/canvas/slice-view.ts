import type { MaskThresholds, StackInfo } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { sameThresholds } from '#contract/mask/mask-setting';
import type { Rect } from '#contract/tiles';
import type { Point } from '#labels/rasterize';
import type { SliceLabels } from '#labels/slice-labels';
import { clipOf, FrameLoop, type FrameCause, type Redraw } from './draw/frame-loop';
import { IdleSteps } from './draw/idle-steps';
import { PointerProbe } from './input/pointer-probe';
import type { RawWindow } from './draw/raw-colour';
import type { Course } from './chunks/prefetch-policy';
import { ShownStack } from './chunks/shown-stack';
import type { SlicePicture } from './slice-picture';
import type { TileSource } from './chunks/tile-source';
import { ViewCamera } from './camera/view-camera';
import { ViewEvents } from './view-events';
import { ViewInteraction } from './input/view-interaction';
import { ViewLook } from './view-look';
import type { PendingEdits } from './input/pending-edits';
import { ViewStage } from './draw/view-stage';
import { watchSize } from './camera/view-size';
import type { ViewTools } from './input/view-tools';
import type { EarlierMask, FoundClass, IdLayer, PointerInfo, TurnedView } from './view-types';

/** Share of the tiles that a view of planes keeps, beside that of the slices. */
const PLANE_MEMORY = 0.25;

const NOWHERE: Course = { ahead: [], hurried: false };

/**
 * A slice on the screen, with tools to paint it. Framework-free: made with an
 * element that it fills, driven by methods, heard through `on…` methods. While
 * the pointer moves nothing happens but tiles, one dirty rectangle and one
 * redraw a frame. It listens itself for Space (pan), Escape and Enter (only
 * while a gesture or an outline is open). A view of planes at right angles to
 * the slices is the same view of a stack that is turned: its slices are planes.
 */
export class SliceView extends ViewEvents {
  readonly #container: HTMLElement;
  /** Layers, colours, mask. */
  readonly look = new ViewLook(() => {
    this.#restyle();
  });
  readonly #stage: ViewStage;
  readonly #camera: ViewCamera;
  readonly #frames: FrameLoop;
  readonly #probe: PointerProbe;
  readonly #neighbours: IdleSteps;
  readonly #hands: ViewInteraction;
  #mask: MaskThresholds | null = null;
  #found: readonly FoundClass[] = [];
  readonly #disposers: readonly (() => void)[];
  #open: ShownStack | null = null;
  #z = 0;
  #course: Course = NOWHERE;
  /** Other tiles than last time are to be asked for. */
  #moved = true;
  /** The last drawing had all its tiles. */
  #complete = true;
  readonly #turned: TurnedView | null;

  /** Fills `container`, which must have a position and a size; keyboard focus goes there while painting. `hears` = keys are meant for this view. */
  constructor(
    container: HTMLElement,
    turned: TurnedView | null = null,
    hears: () => boolean = () => true,
  ) {
    super();
    this.#turned = turned;
    this.#container = container;
    if (!container.hasAttribute('tabindex')) container.tabIndex = 0;
    const surface = document.createElement('div');
    container.append(surface);
    this.#stage = new ViewStage({
      container: surface,
      draw: (context, clip) => {
        this.#draw(context, clip);
      },
      geometry: () => this.#camera.geometry,
      colour: (as) => this.look.previewColour(as),
    });
    this.#frames = new FrameLoop((redraw, cause) => {
      this.#render(redraw, cause);
    });
    this.#camera = new ViewCamera(() => {
      this.#changed();
      this.tools.follow();
    });
    this.#neighbours = new IdleSteps(() => this.#prepareNeighbour());
    this.#probe = new PointerProbe((info) => {
      this.topics.pointerInfo.tell(info);
    });
    this.#hands = new ViewInteraction({
      container,
      stage: this.#stage,
      camera: this.#camera,
      frames: this.#frames,
      topics: this.topics,
      look: this.look,
      open: () => this.#open,
      slice: () => this.#z,
      showSlice: (z) => {
        this.showSlice(z);
      },
      plane: turned?.axis ?? null,
      hears,
    });
    this.#disposers = [
      watchSize(container, () => {
        this.#resize();
      }),
      () => {
        surface.remove();
      },
    ];
    this.#resize();
  }

  /**
   * Shows a stack: its first slice, fitted. Tiles come from `source`, labels
   * from `session`; window and prediction are set afterwards. A slice that is
   * not `labelled` is drawn before its labels are here.
   */
  setStack(
    info: StackInfo,
    source: TileSource,
    session: SliceLabels,
    labelled: (z: number) => boolean = () => true,
  ): void {
    this.clear();
    const arrived = (z: number): void => {
      if (z !== this.#z) {
        this.#neighbours.start();
        return;
      }
      this.#frames.all();
      // The whole slice is here: it is coloured now and seen with the next frame.
      if (!this.#complete && this.#open?.picture.isHere(this.#camera.geometry, z))
        this.#frames.now();
    };
    const failed = (error: unknown): void => {
      this.#frames.all();
      this.topics.failure.tell(error);
    };
    const changed = (z: number, rect: Rect): void => {
      const inView = z === this.#z;
      if (inView) this.#frames.part(this.#open?.picture.affected(rect) ?? rect);
      this.#hands.labelsChanged(z, inView);
    };
    const memory = this.#turned ? { memory: PLANE_MEMORY } : {};
    this.#open = new ShownStack({
      ...{ info, source, session, labelled, arrived, failed, changed, ...memory },
    });
    this.#z = 0;
    this.#camera.setImage(info.width, info.height, this.#turned?.stretch);
    this.#restyle();
  }

  /** Shows nothing; a stroke under way is finished. */
  clear(): void {
    this.#hands.leaveStack();
    this.#probe.stop();
    const open = this.#open;
    this.#open = null;
    open?.dispose();
    this.#frames.all();
  }

  /** Goes to a slice; a stroke under way is finished first, an outline goes. `course` = where the turns lead from there. */
  showSlice(z: number, course: Course = NOWHERE): void {
    if (!this.#open || z === this.#z || z < 0 || z >= this.#open.depth) return;
    this.#hands.leaveSlice();
    this.#z = z;
    this.#open.picture.setUnreadable([]);
    this.#open.picture.setEmpty([]);
    this.tools.sliceChanged();
    this.#course = course;
    this.#changed();
    // Asked for at once: the next frame may be 16 ms away.
    this.#follow(this.#open);
  }

  setWindow(window: RawWindow): void {
    this.#open?.picture.setWindow(window);
    this.topics.window.tell(null);
    this.#hands.reread();
    this.#frames.all();
  }

  /** The value of the truth's label stack that means membrane; null = no truth is open. */
  setTruth(value: number | null): void {
    this.#open?.picture.setTruth(value);
    this.#changed();
  }

  /** The slice in view as one small picture; null while it is not here. */
  overview(): ReturnType<SlicePicture['overview']> {
    return this.#open?.picture.overview(this.#z) ?? null;
  }

  /** Layers of ids that are drawn, the first on top. */
  setIds(layers: readonly IdLayer[]): void {
    this.#open?.picture.setIds(layers);
    this.#changed();
  }

  /** Ids have changed on the disk. */
  refreshIds(): void {
    this.#open?.picture.forgetIds();
    this.#changed();
  }

  /** Whose probability maps are shown; null = none. */
  setPrediction(model: ModelId | null): void {
    this.#open?.picture.setModel(model);
    this.#hands.reread();
    this.#changed();
  }

  /** Slices that a model has just predicted anew. */
  refreshPrediction(model: ModelId, slices: readonly number[]): void {
    this.#open?.picture.forgetPrediction(model, new Set(slices));
    this.#hands.reread();
    this.#changed();
  }

  /** Marks pixels whose mask flipped since an earlier model; null ends it. */
  showChanged(earlier: EarlierMask | null): void {
    this.#open?.picture.compareWith(earlier);
    this.#changed();
  }

  /** Draws an earlier model's mask left of a divider; null ends it. */
  showBeside(earlier: EarlierMask | null): void {
    this.#open?.picture.besides(earlier);
    this.#changed();
  }

  /** Where that divider stands, as a share of the view's width. */
  setDivider(share: number): void {
    this.#open?.picture.setDivider(share);
    this.#frames.all();
  }

  /** Areas of the slice in view, in image pixels, that hold no data: hatched. */
  setUnreadable(areas: readonly Rect[]): void {
    this.#open?.picture.setUnreadable(areas);
    this.#frames.all();
  }

  /** Areas of the slice in view, in image pixels, that show no tissue: hatched lightly. */
  setEmpty(areas: readonly Rect[]): void {
    this.#open?.picture.setEmpty(areas);
    this.#frames.all();
  }

  /** Where planes cross the one in view, in image pixels; null = that is not shown. */
  setCross(at: Point | null): void {
    this.tools.setCross(at);
    if (at && !this.tools.busy) this.#camera.reveal(at);
  }

  /** What is known of a pixel of the slice in view, once its full-size tiles are here. @throws as the tile source; AbortError */
  async inspect(x: number, y: number, signal: AbortSignal): Promise<PointerInfo | null> {
    return (await this.#open?.inspect(this.#z, x, y, signal)) ?? null;
  }

  /** Where the view stands; moving it moves the view. */
  get camera(): ViewCamera {
    return this.#camera;
  }

  /** Tools, brush, wheel, keyboard cursor. */
  get tools(): ViewTools {
    return this.#hands.tools;
  }

  /** Steps over several slices. */
  get proposals(): PendingEdits {
    return this.#hands.proposals;
  }

  /** Accepts the mask of the whole slice as shown; resolves with the pixels confirmed. */
  confirmSlice(): Promise<number> {
    return this.#hands.confirm.confirm({ kind: 'slice' });
  }

  dispose(): void {
    this.clear();
    this.#frames.dispose();
    this.#neighbours.dispose();
    this.#hands.dispose();
    this.#stage.dispose();
    for (const dispose of this.#disposers) dispose();
  }

  #changed(): void {
    this.#moved = true;
    this.#frames.all();
  }

  #restyle(): void {
    if (this.#open) this.look.applyTo(this.#open.picture);
    const { mask, found } = this.look;
    if (!sameThresholds(mask, this.#mask) || found !== this.#found) this.#hands.reread();
    this.#mask = mask;
    this.#found = found;
    // A layer that shows now may need tiles that nobody has asked for.
    this.#changed();
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
    this.tools.hover();
    const open = this.#open;
    if (this.#moved && open) this.#follow(open);
    const clip = clipOf(redraw, this.#stage.size, this.#camera.geometry);
    // A slice that has nothing to show yet leaves the last one standing instead of flashing black.
    const waits = open !== null && !open.picture.hasAny(this.#camera.geometry, this.#z);
    if (waits) this.#complete = false;
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
    if (!open || this.tools.busy) return;
    this.#probe.ask(open.picture, open.session.tiles, this.#z, this.tools.pointerOverImage);
    this.#neighbours.start();
  }

  #follow(open: ShownStack): void {
    const { geometry } = this.#camera;
    if (geometry.viewWidth === 0 || geometry.viewHeight === 0) return;
    this.#moved = false;
    open.want(geometry, this.#z, this.#course);
    const { zoom, centre } = geometry;
    this.topics.viewChange.tell({ z: this.#z, zoom, centre, fitted: this.#camera.fitted });
  }

  /** In idle moments, pictures that the next turn of the wheel will need; false when there is nothing left to do. */
  #prepareNeighbour(): boolean {
    const open = this.#open;
    if (!open || this.tools.busy) return false;
    // Whoever has turned on in the meantime is served first.
    if (!this.#moved && this.#complete && open.wantNear()) return true;
    const { geometry } = this.#camera;
    const { picture } = open;
    return picture.prepare(geometry, this.#z + 1) || picture.prepare(geometry, this.#z - 1);
  }
}
