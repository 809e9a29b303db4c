import type { Point } from '#labels/rasterize';
import type { BrushSettings, Modifiers, ToolPoint, ToolSettings } from '../../tools/tool';
import { ToolController, type PendingEdit } from '../../tools/tool-controller';
import { toolNames, isBrush, type ToolName } from '../../tools/tool-names';
import { BrushRing } from './brush-ring';
import { CentringClicks } from '../camera/centring-clicks';
import { Crosshair } from './crosshair';
import type { FrameLoop } from '../draw/frame-loop';
import { KeyboardPointer } from './keyboard-pointer';
import { PlaneCross } from './plane-cross';
import { toImage } from '../camera/view-geometry';
import { listenToView, type InputPoint } from './view-input';
import { ViewToolHost, type ViewToolHostOptions } from './view-tool-host';
import { WheelReader } from '../camera/wheel';

/** What the tools need of the view around them. */
export interface ViewToolsOptions extends ViewToolHostOptions {
  readonly container: HTMLElement;
  readonly frames: FrameLoop;
  /** Keys are meant for this view. */
  readonly hears: () => boolean;
}

/** Tools shown with the ring of the brush. */
const brushNames: ReadonlySet<string> = new Set(toolNames.filter(isBrush));
const noModifiers: Modifiers = { shift: false, control: false, alt: false };

/** The hands of a slice view: pointer, wheel and keyboard cursor, the tools they drive, ring, cursor and previews. */
export class ViewTools {
  readonly #options: ViewToolsOptions;
  readonly #host: ViewToolHost;
  readonly #controller: ToolController;
  readonly #ring: BrushRing;
  readonly #keyboard: KeyboardPointer;
  readonly #crosshair: Crosshair;
  readonly #cross: PlaneCross;
  readonly #wheel = new WheelReader();
  readonly #stopListening: () => void;
  #plainWheel: 'slices' | 'zoom' = 'slices';
  #pointer: Point | null = null;
  #modifiers = noModifiers;
  /** The pointer moved, or what is under it did, since the tools last heard of it. */
  #hoverDue = false;
  readonly #centring = new CentringClicks();

  constructor(options: ViewToolsOptions) {
    this.#options = options;
    this.#host = new ViewToolHost(options, {
      hoverAgain: () => {
        this.#hoverLater();
      },
    });
    this.#ring = new BrushRing(options.container);
    this.#cross = new PlaneCross(options.container);
    this.#crosshair = new Crosshair(options.container);
    this.#controller = new ToolController(
      this.#host,
      (path) => {
        this.#showCursor();
        options.topics.toolState.tell(path);
      },
      (at) => {
        options.topics.rightClick.tell(at);
      },
    );
    this.#keyboard = new KeyboardPointer({
      mark: this.#crosshair,
      camera: options.camera,
      controller: this.#controller,
      slice: () => options.slice()?.session.tiles ?? null,
      pointed: (at) => {
        this.#pointAt(at);
        const image = this.#keyboard.at;
        if (image) options.topics.pointed.tell(image);
      },
      start: () => this.#cross.at,
      pointer: () => this.pointerOverImage,
    });
    this.#stopListening = this.#listen();
  }

  /** A gesture is under way. */
  get busy(): boolean {
    return this.#controller.busy;
  }

  /** The image point under the pointer or the keyboard's crosshair; null when it is elsewhere. */
  get pointerOverImage(): Point | null {
    return this.#pointer && toImage(this.#options.camera.geometry, this.#pointer);
  }

  /** The crosshair, for commands. */
  get keyboard(): KeyboardPointer {
    return this.#keyboard;
  }

  get brush(): BrushSettings {
    return this.#host.brush;
  }

  /** Where the planes cross, in image pixels; null = that is not shown. */
  setCross(at: Point | null): void {
    const hand = this.#keyboard.at;
    const elsewhere =
      hand &&
      at &&
      (Math.floor(hand.x) !== Math.floor(at.x) || Math.floor(hand.y) !== Math.floor(at.y));
    if (elsewhere && !this.#keyboard.holds) this.#keyboard.hide();
    this.#cross.show(at, this.#options.camera.geometry);
  }

  choose(tool: ToolName): void {
    this.#controller.choose(tool);
    this.#hoverLater();
    this.#showCursor();
  }

  setBrush(brush: BrushSettings): void {
    this.#host.brush = brush;
    this.#controller.refresh('options');
    this.#showCursor();
  }

  setSettings(settings: ToolSettings): void {
    this.#host.settings = settings;
    this.#controller.refresh('options');
  }

  setWheel(plain: 'slices' | 'zoom'): void {
    this.#plainWheel = plain;
  }

  /** Shows a step that waits for Enter; an open one goes. */
  propose(proposal: PendingEdit): void {
    this.#controller.propose(proposal);
  }

  /** Escape: takes back the gesture under way, the outline, the proposal; false when there is none. */
  abort(): boolean {
    this.#keyboard.letGo();
    return this.#controller.escape();
  }

  /** Enter. */
  accept(): boolean {
    return this.#controller.accept();
  }

  /** Ends a gesture and keeps what it did. */
  settle(): void {
    this.#keyboard.letGo();
    this.#controller.lose();
  }

  /** The view moved: what is drawn over the slice follows. */
  follow(): void {
    this.#options.previews.place();
    this.#keyboard.follow();
    this.#cross.show(this.#cross.at, this.#options.camera.geometry);
    this.#hoverLater();
    this.#showCursor();
  }

  /** Labels, prediction or what is known of the slice have changed. */
  sliceChanged(): void {
    // A stroke under way changes labels all the time; nobody looks at them meanwhile.
    if (this.busy) return;
    this.#controller.refresh('slice');
    this.#hoverLater();
  }

  /** Once a frame: the chosen tool hears where the pointer is. */
  hover(): void {
    if (!this.#hoverDue || this.busy) return;
    this.#hoverDue = false;
    const at = this.#options.slice() && this.#pointer ? this.#toolPoint(this.#pointer) : null;
    this.#controller.hover(at, this.#modifiers);
  }

  dispose(): void {
    this.#stopListening();
    this.#ring.dispose();
    this.#crosshair.dispose();
    this.#cross.dispose();
  }

  #toolPoint(view: InputPoint): ToolPoint {
    const image = toImage(this.#options.camera.geometry, view);
    const at = { x: view.x, y: view.y };
    return view.pressure === undefined
      ? { image, view: at }
      : { image, view: at, pressure: view.pressure };
  }

  #listen(): () => void {
    const { container, camera, frames, slice } = this.#options;
    const toolPoint = (view: InputPoint): ToolPoint => this.#toolPoint(view);
    return listenToView(container, {
      hears: this.#options.hears,
      press: (button, at, modifiers, event) => {
        if (!slice()) return;
        if (this.#keyboard.holds) this.settle();
        this.#keyboard.hide();
        frames.causedBy(event);
        this.#pointAt(at);
        if (button === 0 && this.#centring.press(at, event.timeStamp))
          camera.place(camera.geometry.zoom, toImage(camera.geometry, at));
        else this.#controller.press(button, toolPoint(at), modifiers);
      },
      move: (points, modifiers, event) => {
        const last = points.at(-1);
        if (!last || this.#keyboard.holds || this.#keyboard.ignores(last)) return;
        this.#keyboard.hide();
        if (this.busy) frames.causedBy(event);
        this.#modifiers = modifiers;
        this.#pointAt(last);
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
      doubleClick: () => {
        if (!this.busy && this.#controller.clicks) this.accept();
      },
      lose: () => {
        this.settle();
      },
      leave: () => {
        if (this.#keyboard.at === null) this.#pointAt(null);
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
      back: () => this.#controller.back(),
    });
  }

  #turnWheel(event: WheelEvent, at: Point): void {
    const meaning = this.#wheel.read(event, this.#plainWheel);
    switch (meaning.kind) {
      case 'zoom':
        this.#options.camera.zoomAt(at, meaning.factor);
        break;
      case 'brush':
        this.#host.resizeBrush(this.#host.brush.radius * meaning.factor);
        this.#showCursor();
        break;
      case 'slices':
        this.#options.topics.sliceStep.tell(meaning.steps);
        break;
      case 'nothing':
        break;
    }
  }

  #pointAt(at: Point | null): void {
    this.#pointer = at;
    this.#showCursor();
    this.#hoverLater();
  }

  #hoverLater(): void {
    this.#hoverDue = true;
    this.#options.frames.wake();
  }

  #showCursor(): void {
    const { container, camera, slice } = this.#options;
    const [tool = '', state = ''] = this.#controller.path.split('.');
    const paints = tool === 'pick-or-resize' || brushNames.has(tool);
    let cursor = 'crosshair';
    if (paints && this.#pointer && slice()) {
      const radius = this.#host.brush.radius * camera.geometry.zoom;
      if (this.#ring.show(this.#pointer, radius)) cursor = 'none';
    } else this.#ring.hide();
    if (tool === 'pan') cursor = state === 'drag' ? 'grabbing' : 'grab';
    if (container.style.cursor !== cursor) container.style.cursor = cursor;
  }
}
