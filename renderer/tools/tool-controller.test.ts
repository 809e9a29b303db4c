import { beforeEach, describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import type { LabelSession } from '#labels/label-session';
import { MemoryDisk } from '#labels/memory-disk';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import type { BlockedReason, BrushSettings, Modifiers, ToolHost, ToolPoint } from './tool';
import { ToolController, type PointerButton } from './tool-controller';
import type { ToolName } from './tool-names';

const SIZE = 700;
const none: Modifiers = { shift: false, control: false, alt: false };

/** A view without a screen: two CSS pixels an image pixel, and a person's hands. */
class Canvas implements ToolHost {
  z = 0;
  brush: BrushSettings = { radius: 8, label: MEMBRANE, mode: 'all' };
  reason: BlockedReason | null = null;
  readonly blockedTold: BlockedReason[] = [];
  readonly picked: Point[] = [];
  readonly states: string[] = [];
  readonly pan = { x: 0, y: 0 };
  outline: readonly Point[] | null = null;
  readonly tools = new ToolController(this, (path) => this.states.push(path));

  constructor(readonly labels: LabelSession) {}

  blocked = (): BlockedReason | null => this.reason;
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
  confirmRegion = (region: Region): void => {
    this.labels.confirm(this.z, region, () => new Uint8Array(TILE_PIXELS).fill(INTERIOR));
  };
  pick = (at: Point): void => void this.picked.push(at);

  press(x: number, y: number, keys: Partial<Modifiers> = {}, button: PointerButton = 0): this {
    this.tools.press(button, at(x, y), { ...none, ...keys });
    return this;
  }
  move(...points: [number, number][]): this {
    this.tools.drag(points.map(([x, y]) => at(x, y)));
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
  choose(name: ToolName): this {
    this.tools.choose(name);
    return this;
  }
  label(x: number, y: number): number | undefined {
    return this.labels.tiles.labelAt(this.z, x, y);
  }
}

const at = (x: number, y: number): ToolPoint => ({
  image: { x, y },
  view: { x: x * 2, y: y * 2 },
});

let disk: MemoryDisk;
let canvas: Canvas;

beforeEach(async () => {
  disk = new MemoryDisk();
  const labels = disk.session(SIZE, SIZE);
  for (const z of [0, 1]) await labels.load(z, { x: 0, y: 0, width: SIZE, height: SIZE });
  canvas = new Canvas(labels);
});

describe('the brush', () => {
  it('paints along the drag; one drag is one undo', async () => {
    canvas.press(50, 50).move([80, 50], [120, 50]).move([120, 200]).release();
    expect([canvas.label(100, 55), canvas.label(120, 150)]).toEqual([MEMBRANE, MEMBRANE]);
    expect(canvas.states).toEqual(['brush.stroke', 'brush.idle']);
    canvas.labels.undo();
    expect([canvas.label(100, 55), canvas.label(120, 150)]).toEqual([UNTOUCHED, UNTOUCHED]);
    await canvas.labels.flushed();
    expect(disk.patches.map(({ action, name }) => [action, name])).toEqual([
      ['do', 'Brush'],
      ['undo', 'Brush'],
    ]);
  });

  it('takes a stroke back on Escape, and ignores the rest of that drag', () => {
    canvas.stroke([50, 100], [120, 100]);
    canvas.press(50, 50).move([120, 50]);
    expect(canvas.tools.escape()).toBe(true);
    canvas.move([120, 300]).release();
    expect([canvas.label(80, 50), canvas.label(120, 200)]).toEqual([UNTOUCHED, UNTOUCHED]);
    expect(canvas.label(80, 100)).toBe(MEMBRANE);
    expect(canvas.tools.escape()).toBe(false);
    canvas.labels.undo();
    expect(canvas.labels.undoName).toBeNull();
  });

  it('keeps what is painted when the pointer is lost or another tool is chosen', () => {
    canvas.press(50, 50).move([120, 50]);
    canvas.tools.lose();
    canvas.press(50, 150).move([120, 150]).choose('pan').release();
    expect([canvas.label(80, 50), canvas.label(80, 150)]).toEqual([MEMBRANE, MEMBRANE]);
    canvas.labels.undo();
    expect([canvas.label(80, 50), canvas.label(80, 150)]).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('keeps size and class of a stroke that is under way when they are changed', () => {
    canvas.press(50, 50);
    canvas.brush = { radius: 40, label: INTERIOR, mode: 'all' };
    canvas.move([120, 50]).release();
    expect([canvas.label(100, 50), canvas.label(100, 62)]).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('draws straight from the last end with Shift, on the same slice only', () => {
    canvas.stroke([50, 50], [60, 60]);
    canvas.press(300, 300, { shift: true }).release();
    expect(canvas.label(180, 180)).toBe(MEMBRANE);
    canvas.z = 1;
    canvas.press(100, 300, { shift: true }).release();
    expect([canvas.label(100, 300), canvas.label(200, 300)]).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('does not paint on a hidden mask, and says so', () => {
    canvas.reason = 'mask-hidden';
    canvas.stroke([50, 50], [120, 50]);
    expect(canvas.label(80, 50)).toBe(UNTOUCHED);
    expect(canvas.blockedTold).toEqual(['mask-hidden']);
  });
});

describe('from any tool', () => {
  it('a right-drag erases, and a right-click does not', () => {
    canvas.stroke([50, 50], [120, 50]);
    canvas.press(80, 50, {}, 2).move([81, 50]).release();
    expect(canvas.label(80, 50)).toBe(MEMBRANE);
    canvas.press(80, 50, {}, 2).move([81, 50]).move([90, 50]).release();
    expect([canvas.label(80, 50), canvas.label(90, 50), canvas.label(110, 50)]).toEqual([
      UNTOUCHED,
      UNTOUCHED,
      MEMBRANE,
    ]);
    expect(canvas.labels.undoName).toBe('Eraser');
    expect(canvas.tools.chosen).toBe('brush');
  });

  it('Space and the middle button pan, and painting goes on afterwards', () => {
    canvas.tools.holdPan(true);
    canvas.stroke([50, 50], [60, 55]);
    canvas.tools.holdPan(false);
    canvas.press(50, 50, {}, 1).move([40, 50]).release();
    expect(canvas.pan).toEqual({ x: 0, y: 10 });
    expect(canvas.label(50, 50)).toBe(UNTOUCHED);
    canvas.stroke([50, 50], [60, 55]);
    expect(canvas.label(50, 50)).toBe(MEMBRANE);
    expect(canvas.states).toEqual([
      ...['pan.idle', 'pan.drag', 'pan.idle', 'brush.idle'],
      ...['pan.drag', 'brush.idle', 'brush.stroke', 'brush.idle'],
    ]);
  });

  it('Ctrl erases, Alt picks with a click and sizes the brush with a drag', () => {
    canvas.stroke([50, 50], [120, 50]);
    canvas.stroke([80, 50], [82, 50], { control: true });
    expect(canvas.label(80, 50)).toBe(UNTOUCHED);
    canvas.press(100, 50, { alt: true }).release();
    expect(canvas.picked).toEqual([{ x: 100, y: 50 }]);
    canvas.press(100, 50, { alt: true }).move([160, 50]).release();
    expect(canvas.brush.radius).toBe(16);
    expect(canvas.picked).toHaveLength(1);
  });
});

describe('confirm region', () => {
  beforeEach(() => {
    canvas.choose('confirm-region');
  });

  it('outlines with a lasso and confirms on Enter', () => {
    expect(canvas.tools.accept()).toBe(false);
    canvas.press(100, 100).move([200, 100], [200, 200]).move([100, 200]);
    expect(canvas.tools.accept()).toBe(false);
    canvas.release();
    expect(canvas.outline).toHaveLength(4);
    expect(canvas.label(150, 150)).toBe(UNTOUCHED);
    expect(canvas.tools.accept()).toBe(true);
    expect(canvas.label(150, 150)).toBe(confirmed(INTERIOR));
    expect(canvas.label(250, 150)).toBe(UNTOUCHED);
    expect(canvas.outline).toBeNull();
  });

  it('draws a rectangle with Shift; Escape, a click and another tool take the outline away', () => {
    canvas.press(100, 100, { shift: true }).move([150, 170], [200, 180]).release();
    expect(canvas.outline).toEqual([
      { x: 100, y: 100 },
      { x: 200, y: 100 },
      { x: 200, y: 180 },
      { x: 100, y: 180 },
    ]);
    expect(canvas.tools.escape()).toBe(true);
    expect(canvas.outline).toBeNull();
    canvas.stroke([10, 10], [60, 60]).press(30, 30).release();
    expect(canvas.outline).toBeNull();
    canvas.stroke([10, 10], [60, 60]);
    canvas.choose('brush');
    expect(canvas.outline).toBeNull();
    expect(canvas.labels.undoName).toBeNull();
  });
});
