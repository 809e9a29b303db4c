import { MEMBRANE } from '#contract/label-byte';
import type { LabelSession } from '#labels/label-session';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import { MAX_RADIUS, MIN_RADIUS } from '#labels/stroke';
import type { BlockedReason, BrushSettings, ToolHost, ToolPoint } from '../tools/tool';
import { ToolController } from '../tools/tool-controller';
import type { ToolName } from '../tools/tool-names';
import { BrushRing } from './brush-ring';
import { CentringClicks } from './centring-clicks';
import type { FrameLoop } from './frame-loop';
import type { ViewCamera } from './view-camera';
import type { ViewTopics } from './view-events';
import { toImage, toView } from './view-geometry';
import { listenToView } from './view-input';
import type { ViewStage } from './view-stage';
import { WheelReader } from './wheel';

/** What the tools need of the view around them. */
export interface ViewToolsOptions {
  readonly container: HTMLElement;
  readonly stage: ViewStage;
  readonly camera: ViewCamera;
  readonly frames: FrameLoop;
  readonly topics: ViewTopics;
  /** The slice in view; null while no stack is open. */
  readonly slice: () => { readonly session: LabelSession; readonly z: number } | null;
  /** Why painting is not possible right now. */
  readonly blocked: () => BlockedReason | null;
  readonly confirm: (region: Region) => void;
}

/** The hands of a slice view: pointer, wheel and gesture keys, the tools they drive, ring, cursor and outline. */
export class ViewTools {
  readonly #options: ViewToolsOptions;
  readonly #controller: ToolController;
  readonly #ring: BrushRing;
  readonly #wheel = new WheelReader();
  readonly #stopListening: () => void;
  #plainWheel: 'slices' | 'zoom' = 'slices';
  #brush: BrushSettings = { radius: 12, label: MEMBRANE, mode: 'all' };
  #outline: readonly Point[] | null = null;
  #pointer: Point | null = null;
  readonly #centring = new CentringClicks();

  constructor(options: ViewToolsOptions) {
    this.#options = options;
    this.#ring = new BrushRing(options.container);
    this.#controller = new ToolController(
      this.#host(),
      (path) => {
        this.#showCursor();
        options.topics.toolState.tell(path);
      },
      (at) => {
        options.topics.rightClick.tell(at);
      },
    );
    this.#stopListening = this.#listen();
  }

  /** A gesture is under way. */
  get busy(): boolean {
    return this.#controller.busy;
  }

  /** The image point under the pointer; null when it is elsewhere. */
  get pointerOverImage(): Point | null {
    return this.#pointer && toImage(this.#options.camera.geometry, this.#pointer);
  }

  choose(tool: ToolName): void {
    this.#controller.choose(tool);
    this.#showCursor();
  }

  setBrush(brush: BrushSettings): void {
    const radius = Math.min(MAX_RADIUS, Math.max(MIN_RADIUS, brush.radius));
    this.#brush = { ...brush, radius };
    this.#showCursor();
  }

  setWheel(plain: 'slices' | 'zoom'): void {
    this.#plainWheel = plain;
  }

  /** Escape. */
  abort(): boolean {
    return this.#controller.escape();
  }

  /** Enter. */
  accept(): boolean {
    return this.#controller.accept();
  }

  /** Ends a gesture and keeps what it did. */
  settle(): void {
    this.#controller.lose();
  }

  /** The view moved: what is drawn over the slice follows. */
  follow(): void {
    const { camera, stage } = this.#options;
    if (this.#outline) stage.showOutline(this.#outline.map((at) => toView(camera.geometry, at)));
    this.#showCursor();
  }

  dispose(): void {
    this.#stopListening();
    this.#ring.dispose();
  }

  #host(): ToolHost {
    const { camera, stage, topics, slice, blocked, confirm } = this.#options;
    const brush = (): BrushSettings => this.#brush;
    return {
      get labels() {
        return slice()?.session ?? null;
      },
      get z() {
        return slice()?.z ?? 0;
      },
      get brush() {
        return brush();
      },
      blocked,
      tellBlocked: (reason) => {
        topics.blocked.tell(reason);
      },
      panBy: (dx, dy) => {
        camera.panBy(dx, dy);
      },
      resizeBrush: (radius) => {
        this.#resizeBrush(radius);
      },
      showOutline: (points) => {
        this.#outline = points;
        if (points) this.follow();
        else stage.showOutline(null);
      },
      confirmRegion: confirm,
      pick: ({ x, y }) => {
        const at = slice();
        const label = at?.session.tiles.labelAt(at.z, Math.floor(x), Math.floor(y));
        if (label !== undefined) topics.picked.tell(label);
      },
    };
  }

  #listen(): () => void {
    const { container, camera, frames, slice } = this.#options;
    const toolPoint = (view: Point): ToolPoint => ({
      image: toImage(camera.geometry, view),
      view,
    });
    return listenToView(container, {
      press: (button, at, modifiers, event) => {
        if (!slice()) return;
        frames.causedBy(event);
        this.#pointAt(at);
        if (button === 0 && this.#centring.press(at, event.timeStamp))
          camera.place(camera.geometry.zoom, toImage(camera.geometry, at));
        else this.#controller.press(button, toolPoint(at), modifiers);
      },
      move: (points, event) => {
        if (this.busy) frames.causedBy(event);
        this.#pointAt(points.at(-1) ?? null);
        this.#controller.drag(points.map(toolPoint));
      },
      release: (at, event) => {
        if (this.busy) {
          frames.causedBy(event);
          this.#controller.drag([toolPoint(at)]);
        }
        this.#pointAt(at);
        this.#controller.release();
      },
      lose: () => {
        this.settle();
      },
      leave: () => {
        this.#pointAt(null);
      },
      wheel: (event, at) => {
        if (!this.busy) this.#turnWheel(event, at);
      },
      holdPan: (held) => {
        this.#centring.hold(held);
        this.#controller.holdPan(held);
      },
      escape: () => this.abort(),
      accept: () => this.accept(),
    });
  }

  #turnWheel(event: WheelEvent, at: Point): void {
    const meaning = this.#wheel.read(event, this.#plainWheel);
    switch (meaning.kind) {
      case 'zoom':
        this.#options.camera.zoomAt(at, meaning.factor);
        break;
      case 'brush':
        this.#resizeBrush(this.#brush.radius * meaning.factor);
        break;
      case 'slices':
        this.#options.topics.sliceStep.tell(meaning.steps);
        break;
      case 'nothing':
        break;
    }
  }

  #resizeBrush(radius: number): void {
    this.setBrush({ ...this.#brush, radius });
    this.#options.topics.brushSize.tell(this.#brush.radius);
  }

  #pointAt(at: Point | null): void {
    this.#pointer = at;
    this.#showCursor();
    this.#options.frames.wake();
  }

  #showCursor(): void {
    const { container, camera, slice } = this.#options;
    const [tool = '', state = ''] = this.#controller.path.split('.');
    const paints = tool === 'brush' || tool === 'eraser' || tool === 'pick-or-resize';
    let cursor = 'crosshair';
    if (paints && this.#pointer && slice()) {
      const radius = this.#brush.radius * camera.geometry.zoom;
      if (this.#ring.show(this.#pointer, radius)) cursor = 'none';
    } else this.#ring.hide();
    if (tool === 'pan') cursor = state === 'drag' ? 'grabbing' : 'grab';
    if (container.style.cursor !== cursor) container.style.cursor = cursor;
  }
}
