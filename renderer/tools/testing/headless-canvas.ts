import { INTERIOR } from '#contract/label-byte';
import type { PlaneAxis } from '#contract/planes';
import { TILE_PIXELS } from '#contract/tiles';
import type { AppliedEdit, LabelSession } from '#labels/label-session';
import { MemoryDisk } from '#labels/memory-disk';
import { areaPixelCount } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import type {
  AreaPreview,
  BlockedReason,
  BrushSettings,
  Modifiers,
  PathPreview,
  PredictedAnswer,
  ToolHost,
  ToolPoint,
  ToolSettings,
} from '../tool';
import { ToolController, type PointerButton } from '../tool-controller';
import type { ToolName } from '../tool-names';
import { defaultBrush, defaultToolSettings } from '../tool-settings';
import { PaintedFields } from './painted-fields';

const none: Modifiers = { shift: false, control: false, alt: false };

/** Where the pointer is, at two CSS pixels an image pixel. */
export function pointerAt(x: number, y: number): ToolPoint {
  return { image: { x, y }, view: { x: x * 2, y: y * 2 } };
}

/**
 * A slice view without a screen and a person's hands, for tests that read as
 * stories: press, move, release, keys, another slice, undo.
 */
export class HeadlessCanvas implements ToolHost {
  z = 0;
  plane: PlaneAxis | null = null;
  brush: BrushSettings = { ...defaultBrush, radius: 8 };
  settings: ToolSettings = defaultToolSettings;
  /** What the view shows: one class everywhere. */
  shown = INTERIOR;
  reason: BlockedReason | null = null;
  readonly blockedTold: BlockedReason[] = [];
  readonly picked: Point[] = [];
  /** Where the planes were told to cross. */
  readonly pointed: Point[] = [];
  readonly states: string[] = [];
  readonly pan = { x: 0, y: 0 };
  readonly centre: Point;
  readonly fields: PaintedFields;
  outline: readonly Point[] | null = null;
  area: AreaPreview | null = null;
  /** Frames that a tool still wants to hear of the pointer. */
  #hovers = 0;
  path: PathPreview | null = null;
  readonly tools = new ToolController(this, (path) => this.states.push(path));

  private constructor(
    readonly disk: MemoryDisk,
    readonly labels: LabelSession,
  ) {
    const { width, height } = labels.tiles;
    this.centre = { x: width / 2, y: height / 2 };
    this.fields = new PaintedFields(labels);
    labels.onChange(() => {
      if (!this.tools.busy) this.tools.refresh('slice');
    });
  }

  /** A stack of empty slices, all loaded. */
  static async open({
    width = 700,
    height = 700,
    slices = 2,
    disk = new MemoryDisk(),
  } = {}): Promise<HeadlessCanvas> {
    const labels = disk.session(width, height);
    for (let z = 0; z < slices; z += 1) await labels.load(z, { x: 0, y: 0, width, height });
    return new HeadlessCanvas(disk, labels);
  }

  blocked = (): BlockedReason | null => this.reason;
  /** Labels that are not here yet come when this is called. */
  labelsArrive: (here: boolean) => void = () => undefined;
  loadLabels = (): Promise<void> =>
    new Promise((resolve, reject) => {
      this.labelsArrive = (here) => {
        if (here) this.reason = null;
        if (here) resolve();
        else reject(new Error('unreadable'));
      };
    });
  predicted = (): PredictedAnswer => {
    if (this.predictionComes) return { kind: 'loading' };
    const { mask } = this.fields;
    return mask ? { kind: 'ready', mask } : { kind: 'absent' };
  };
  /** Set while the prediction is still being read; resolves when it is here. */
  predictionComes: Promise<void> | null = null;
  loadPredicted = async (): Promise<PredictedAnswer> => {
    await this.predictionComes;
    this.predictionComes = null;
    return this.predicted();
  };
  tellBlocked = (reason: BlockedReason): void => void this.blockedTold.push(reason);
  panBy = (dx: number, dy: number): void => {
    this.pan.x += dx;
    this.pan.y += dy;
  };
  resizeBrush = (radius: number): void => {
    this.brush = { ...this.brush, radius };
  };
  showOutline = (points: readonly Point[] | null): void => {
    this.outline = points;
  };
  hoverAgain = (): void => {
    this.#hovers += 1;
  };
  setTolerance = (tolerance: number): void => {
    this.settings = { ...this.settings, tolerance };
  };
  showArea = (area: AreaPreview | null): void => {
    this.area = area;
  };
  showPath = (path: PathPreview | null): void => {
    this.path = path;
  };
  confirmRegion = (region: Region): void => {
    this.labels.confirm(this.z, region, () => new Uint8Array(TILE_PIXELS).fill(this.shown));
  };
  pick = (at: Point): void => void this.picked.push(at);
  pointAt = (at: Point): void => void this.pointed.push(at);

  press(x: number, y: number, keys: Partial<Modifiers> = {}, button: PointerButton = 0): this {
    this.tools.press(button, pointerAt(x, y), { ...none, ...keys });
    return this;
  }

  /** Every position that one event tells, oldest first. */
  move(...points: [number, number][]): this {
    this.tools.drag(points.map(([x, y]) => pointerAt(x, y)));
    return this;
  }

  release(): this {
    this.tools.release();
    return this;
  }

  stroke(from: [number, number], to: [number, number], keys?: Partial<Modifiers>): this {
    return this.press(...from, keys)
      .move(to)
      .release();
  }

  click(x: number, y: number): this {
    return this.press(x, y).release();
  }

  /** The pointer rests somewhere without a press. */
  hover(x: number, y: number, keys: Partial<Modifiers> = {}): this {
    this.#hovers = 1;
    for (; this.#hovers > 0; this.#hovers -= 1)
      this.tools.hover(pointerAt(x, y), { ...none, ...keys });
    return this;
  }

  /** Another class, size or rule in hand. */
  with(brush: Partial<BrushSettings>): this {
    this.brush = { ...this.brush, ...brush };
    this.tools.refresh('options');
    return this;
  }

  /** Other options of the tools. */
  set(settings: Partial<ToolSettings>): this {
    this.settings = { ...this.settings, ...settings };
    this.tools.refresh('options');
    return this;
  }

  choose(name: ToolName): this {
    this.tools.choose(name);
    return this;
  }

  /** Another slice comes into view. */
  goTo(z: number): this {
    this.z = z;
    return this;
  }

  /** False when there was nothing for the key to do. */
  key(key: 'Enter' | 'Escape' | 'Backspace'): boolean {
    switch (key) {
      case 'Enter':
        return this.tools.accept();
      case 'Escape':
        return this.tools.escape();
      case 'Backspace':
        return this.tools.back();
    }
  }

  /** Pixels that the preview shows as about to change; 0 without one. */
  previewed(): number {
    return this.area ? areaPixelCount(this.area.area) : 0;
  }

  undo(): AppliedEdit | null {
    return this.labels.undo();
  }

  redo(): AppliedEdit | null {
    return this.labels.redo();
  }

  /** The label byte at a pixel of the slice in view. */
  label(x: number, y: number): number | undefined {
    return this.labels.tiles.labelAt(this.z, x, y);
  }

  /** Pixels of the slice in view that carry a label byte. */
  count(label: number): number {
    const { width, height } = this.labels.tiles;
    const field = this.labels.readField(this.z, { x: 0, y: 0, width, height });
    return field ? field.data.reduce((sum, byte) => sum + (byte === label ? 1 : 0), 0) : 0;
  }
}
