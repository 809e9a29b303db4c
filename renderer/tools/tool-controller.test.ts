import { beforeEach, describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas, pointerAt } from './testing/headless-canvas';

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

describe('a stroke that begins before the labels are here', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  beforeEach(() => {
    canvas.reason = 'loading';
  });

  it('appears when they are, whether the hand is still down or up', async () => {
    canvas.stroke([50, 50], [120, 50]);
    expect(canvas.label(80, 50)).toBe(UNTOUCHED);
    canvas.labelsArrive(true);
    await settled();
    expect([canvas.label(80, 50), canvas.labels.undoName]).toEqual([MEMBRANE, 'Brush']);

    canvas.reason = 'loading';
    canvas.press(50, 200).move([80, 200]);
    canvas.labelsArrive(true);
    await settled();
    canvas.move([120, 200]).release();
    expect([canvas.label(60, 200), canvas.label(110, 200)]).toEqual([MEMBRANE, MEMBRANE]);
    expect(canvas.blockedTold).toEqual([]);
    canvas.undo();
    expect([canvas.label(60, 200), canvas.label(80, 50)]).toEqual([UNTOUCHED, MEMBRANE]);
  });

  it('is painted with what was in hand at the press', async () => {
    canvas.stroke([50, 50], [120, 50]).with({ label: INTERIOR, radius: 30 });
    canvas.labelsArrive(true);
    await settled();
    expect([canvas.label(80, 50), canvas.label(80, 70)]).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('is told of when they do not come, and when another slice is in view by then', async () => {
    canvas.stroke([50, 50], [120, 50]);
    canvas.labelsArrive(false);
    await settled();
    expect(canvas.blockedTold).toEqual(['loading']);
    canvas.stroke([50, 50], [120, 50]).goTo(1);
    canvas.labelsArrive(true);
    await settled();
    expect(canvas.blockedTold).toEqual(['loading', 'loading']);
    expect([canvas.count(MEMBRANE), canvas.labels.undoName]).toEqual([0, null]);
  });

  it('is taken back by Escape, and a second one has to wait', async () => {
    canvas.press(50, 50).move([120, 50]);
    expect(canvas.key('Escape')).toBe(true);
    canvas.labelsArrive(true);
    await settled();
    expect(canvas.count(MEMBRANE)).toBe(0);
    canvas.reason = 'loading';
    canvas.stroke([50, 50], [120, 50]).stroke([50, 90], [120, 90]);
    expect(canvas.blockedTold).toEqual(['loading']);
    canvas.labelsArrive(true);
    await settled();
    expect([canvas.label(80, 50), canvas.label(80, 90)]).toEqual([MEMBRANE, UNTOUCHED]);
  });
});

describe('the options of the brush', () => {
  it('paint only where the probability lies within the gate', () => {
    canvas.fields.predict((x) => (x < 100 ? 200 : 30));
    canvas.set({ gate: { min: 0.5, max: 1 } }).stroke([60, 60], [140, 60]);
    expect([canvas.label(80, 60), canvas.label(120, 60)]).toEqual([MEMBRANE, UNTOUCHED]);
    canvas.set({ eraseTo: 'prediction' }).choose('eraser').stroke([60, 60], [140, 60]);
    expect(canvas.count(UNTOUCHED)).toBe(700 * 700);
  });

  it('say when there is no prediction to go by', () => {
    canvas.set({ gate: { min: 0.5, max: 1 } }).stroke([60, 60], [140, 60]);
    expect(canvas.blockedTold).toEqual(['no-prediction']);
    expect(canvas.labels.undoName).toBeNull();
  });

  it('let a pen that is pressed less paint thinner, unless switched off', () => {
    const press = (y: number): void => {
      const at = pointerAt(100, y);
      canvas.tools.press(0, { ...at, pressure: 0.5 }, { shift: false, control: false, alt: false });
      canvas.tools.drag([{ ...pointerAt(200, y), pressure: 0.5 }]);
      canvas.tools.release();
    };
    press(100);
    expect([canvas.label(150, 103), canvas.label(150, 106)]).toEqual([MEMBRANE, UNTOUCHED]);
    canvas.set({ penPressure: false });
    press(300);
    expect(canvas.label(150, 306)).toBe(MEMBRANE);
  });

  it('keep to untouched pixels, to one class, and off locked ones', () => {
    canvas.with({ label: INTERIOR }).stroke([50, 50], [80, 50]);
    canvas.with({ label: 3 }).stroke([100, 50], [130, 50]);
    const over = (): (number | undefined)[] => {
      canvas.stroke([40, 50], [160, 50]);
      const seen = [60, 90, 115, 150].map((x) => canvas.label(x, 50));
      canvas.undo();
      return seen;
    };
    canvas.with({ label: MEMBRANE, overwrite: { kind: 'untouched' } });
    expect(over()).toEqual([INTERIOR, MEMBRANE, 3, MEMBRANE]);
    canvas.with({ overwrite: { kind: 'only-class', class: 3 } });
    expect(over()).toEqual([INTERIOR, UNTOUCHED, MEMBRANE, UNTOUCHED]);
    canvas.with({ overwrite: { kind: 'all' }, locked: new Set([3]) });
    expect(over()).toEqual([MEMBRANE, MEMBRANE, 3, MEMBRANE]);
  });

  it('show the straight line that Shift would draw', () => {
    canvas.stroke([50, 50], [60, 60]).hover(300, 300, { shift: true });
    expect(canvas.path?.points).toEqual([
      { x: 60, y: 60 },
      { x: 300, y: 300 },
    ]);
    canvas.hover(310, 300);
    expect(canvas.path).toBeNull();
  });
});

describe('a step that a command proposes', () => {
  let log: string[];

  beforeEach(() => {
    log = [];
    canvas.tools.propose({ commit: () => log.push('commit'), drop: () => log.push('drop') });
  });

  it('is taken on Enter, and only once', () => {
    expect(canvas.tools.path).toBe('proposal.waiting');
    expect([canvas.key('Enter'), canvas.key('Enter')]).toEqual([true, false]);
    expect(log).toEqual(['drop', 'commit']);
  });

  it('goes on Escape, on a press, and with another tool, but not for a look around', () => {
    canvas.press(10, 10, {}, 1).move([20, 10]).release();
    expect(canvas.tools.path).toBe('proposal.waiting');
    expect(canvas.key('Escape')).toBe(true);
    canvas.tools.propose({ commit: () => log.push('commit'), drop: () => log.push('drop') });
    canvas.stroke([50, 50], [60, 50]);
    expect(canvas.label(55, 50)).toBe(MEMBRANE);
    canvas.tools.propose({ commit: () => log.push('commit'), drop: () => log.push('drop') });
    canvas.choose('wand');
    expect(canvas.key('Enter')).toBe(false);
    expect(log).toEqual(['drop', 'drop', 'drop']);
  });
});

describe('from any tool', () => {
  it('a right-drag erases, and a right-click does not', () => {
    canvas.stroke([50, 50], [120, 50]);
    canvas.press(80, 50, {}, 2).move([81, 50]).release();
    expect(canvas.label(80, 50)).toBe(MEMBRANE);
    canvas.press(80, 50, {}, 2).move([81, 50]).move([90, 50]).release();
    expect([canvas.label(80, 50), canvas.label(90, 50), canvas.label(110, 50)]).toEqual([
      INTERIOR,
      INTERIOR,
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
    expect(canvas.label(80, 50)).toBe(INTERIOR);
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
