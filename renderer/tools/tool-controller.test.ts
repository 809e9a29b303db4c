import { beforeEach, describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

let canvas: HeadlessCanvas;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
});

describe('the brush', () => {
  it('paints along the drag; one drag is one undo', async () => {
    canvas.press(50, 50).move([80, 50], [120, 50]).move([120, 200]).release();
    expect([canvas.label(100, 55), canvas.label(120, 150)]).toEqual([MEMBRANE, MEMBRANE]);
    expect(canvas.states).toEqual(['brush.stroke', 'brush.idle']);
    canvas.undo();
    expect([canvas.label(100, 55), canvas.label(120, 150)]).toEqual([UNTOUCHED, UNTOUCHED]);
    await canvas.labels.flushed();
    expect(canvas.disk.patches.map(({ action, name }) => [action, name])).toEqual([
      ['do', 'Brush'],
      ['undo', 'Brush'],
    ]);
  });

  it('takes a stroke back on Escape, and ignores the rest of that drag', () => {
    canvas.stroke([50, 100], [120, 100]);
    canvas.press(50, 50).move([120, 50]);
    expect(canvas.key('Escape')).toBe(true);
    canvas.move([120, 300]).release();
    expect([canvas.label(80, 50), canvas.label(120, 200)]).toEqual([UNTOUCHED, UNTOUCHED]);
    expect(canvas.label(80, 100)).toBe(MEMBRANE);
    expect(canvas.key('Escape')).toBe(false);
    canvas.undo();
    expect(canvas.labels.undoName).toBeNull();
  });

  it('keeps what is painted when the pointer is lost or another tool is chosen', () => {
    canvas.press(50, 50).move([120, 50]);
    canvas.tools.lose();
    canvas.press(50, 150).move([120, 150]).choose('pan').release();
    expect([canvas.label(80, 50), canvas.label(80, 150)]).toEqual([MEMBRANE, MEMBRANE]);
    canvas.undo();
    expect([canvas.label(80, 50), canvas.label(80, 150)]).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('keeps size and class of a stroke that is under way when they are changed', () => {
    canvas.press(50, 50);
    canvas.with({ radius: 40, label: INTERIOR });
    canvas.move([120, 50]).release();
    expect([canvas.label(100, 50), canvas.label(100, 62)]).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('draws straight from the last end with Shift, on the same slice only', () => {
    canvas.stroke([50, 50], [60, 60]);
    canvas.press(300, 300, { shift: true }).release();
    expect(canvas.label(180, 180)).toBe(MEMBRANE);
    canvas.goTo(1);
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
    expect(canvas.key('Enter')).toBe(false);
    canvas.press(100, 100).move([200, 100], [200, 200]).move([100, 200]);
    expect(canvas.key('Enter')).toBe(false);
    canvas.release();
    expect(canvas.outline).toHaveLength(4);
    expect(canvas.label(150, 150)).toBe(UNTOUCHED);
    expect(canvas.key('Enter')).toBe(true);
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
    expect(canvas.key('Escape')).toBe(true);
    expect(canvas.outline).toBeNull();
    canvas.stroke([10, 10], [60, 60]).press(30, 30).release();
    expect(canvas.outline).toBeNull();
    canvas.stroke([10, 10], [60, 60]);
    canvas.choose('brush');
    expect(canvas.outline).toBeNull();
    expect(canvas.labels.undoName).toBeNull();
  });
});
