import { beforeEach, describe, expect, it } from 'vitest';
import { INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

let canvas: HeadlessCanvas;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
});

/** One step with this name can be taken back, and then nothing is painted any more. */
function undoneAs(name: string): void {
  expect(canvas.labels.undoName).toBe(name);
  canvas.undo();
  expect(canvas.labels.undoName).toBeNull();
  expect(canvas.count(UNTOUCHED)).toBe(700 * 700);
}

describe('the lasso', () => {
  beforeEach(() => {
    canvas.choose('lasso');
  });

  it('closes at its start, and fills on a click inside', () => {
    canvas.press(100, 100).move([200, 100], [200, 200], [100, 200]).move([101, 102]).release();
    expect(canvas.label(150, 150)).toBe(UNTOUCHED);
    canvas.click(110, 190);
    expect(canvas.label(150, 150)).toBe(MEMBRANE);
    expect([canvas.outline, canvas.area]).toEqual([null, null]);
    undoneAs('Lasso');
  });

  it('let go elsewhere shows what it would fill, and fills on Enter', () => {
    canvas.press(100, 100).move([200, 100], [200, 200]).release();
    expect(canvas.tools.path).toBe('lasso.waiting');
    expect(canvas.previewed()).toBeGreaterThan(4500);
    expect(canvas.label(180, 120)).toBe(UNTOUCHED);
    expect(canvas.key('Enter')).toBe(true);
    expect(canvas.label(180, 120)).toBe(MEMBRANE);
    expect(canvas.count(MEMBRANE)).toBeGreaterThan(4500);
    undoneAs('Lasso');
  });

  it('goes on Escape, a click and another tool', () => {
    const draw = (): HeadlessCanvas =>
      canvas.press(100, 100).move([200, 100], [200, 200]).release();
    draw();
    expect(canvas.key('Escape')).toBe(true);
    expect(canvas.area).toBeNull();
    draw().click(400, 400);
    expect(canvas.area).toBeNull();
    draw().choose('brush').choose('lasso');
    expect([canvas.area, canvas.outline]).toEqual([null, null]);
    expect(canvas.key('Enter')).toBe(false);
    expect(canvas.labels.undoName).toBeNull();
  });

  it('leaves a locked class alone, and says when nothing else is there', () => {
    canvas.with({ label: INTERIOR, radius: 40 }).choose('brush').click(150, 150);
    canvas.with({ label: MEMBRANE, locked: new Set([INTERIOR]) }).choose('lasso');
    const around = (from: number, to: number): void => {
      canvas.press(from, from).move([to, from], [to, to], [from, to], [from, from]).release();
      canvas.key('Enter');
    };
    around(140, 160);
    expect(canvas.blockedTold).toEqual(['nothing-changed']);
    around(100, 200);
    expect([canvas.label(150, 150), canvas.label(105, 105)]).toEqual([INTERIOR, MEMBRANE]);
  });

  it('does not begin on a hidden mask, and says so', () => {
    canvas.reason = 'mask-hidden';
    canvas.press(100, 100).move([200, 100], [200, 200]).release();
    expect(canvas.blockedTold).toEqual(['mask-hidden']);
    expect([canvas.outline, canvas.key('Enter')]).toEqual([null, false]);
  });
});

describe('the polygon', () => {
  beforeEach(() => {
    canvas.choose('polygon').click(100, 100).click(300, 100).click(300, 300);
  });

  it('shows where the next corner would be, and fills on Enter as one step', () => {
    canvas.hover(100, 300);
    expect(canvas.outline).toHaveLength(4);
    expect(canvas.label(250, 150)).toBe(UNTOUCHED);
    expect(canvas.key('Enter')).toBe(true);
    expect([canvas.label(250, 150), canvas.label(150, 250)]).toEqual([MEMBRANE, UNTOUCHED]);
    expect(canvas.outline).toBeNull();
    undoneAs('Polygon');
  });

  it('closes on its first corner; the second click of a double click is no corner', () => {
    canvas.click(100, 300).click(100, 300).click(101, 101);
    expect(canvas.label(150, 250)).toBe(MEMBRANE);
    expect(canvas.tools.path).toBe('polygon.idle');
    undoneAs('Polygon');
  });

  it('takes corners back with Backspace and all of it with Escape', () => {
    expect(canvas.key('Backspace')).toBe(true);
    expect(canvas.outline).toHaveLength(2);
    expect(canvas.key('Enter')).toBe(true);
    expect(canvas.outline).toHaveLength(2);
    expect(canvas.key('Escape')).toBe(true);
    expect([canvas.outline, canvas.key('Backspace')]).toEqual([null, false]);
    expect(canvas.labels.undoName).toBeNull();
  });
});

describe('the fill', () => {
  beforeEach(() => {
    // A ring of membrane, predicted; interior inside and outside of it.
    canvas.fields.predict((x, y) => (Math.abs(Math.hypot(x - 200, y - 200) - 100) < 4 ? 250 : 5));
    canvas.choose('fill').with({ label: INTERIOR });
  });

  it('shows what it would fill, and fills it with one click', () => {
    canvas.hover(200, 200);
    const inside = canvas.previewed();
    expect(inside).toBeGreaterThan(28_000);
    expect(inside).toBeLessThan(30_000);
    canvas.click(200, 200);
    expect([canvas.label(200, 200), canvas.label(50, 50)]).toEqual([INTERIOR, UNTOUCHED]);
    expect(canvas.count(INTERIOR)).toBe(inside);
    undoneAs('Fill');
  });

  it('takes what is painted for a border, and follows the pointer while pressed', () => {
    canvas.with({ label: MEMBRANE }).choose('brush');
    canvas.stroke([200, 80], [200, 320]);
    canvas.choose('fill').press(150, 200).move([250, 200]).release();
    expect([canvas.label(150, 200), canvas.label(250, 200)]).toEqual([UNTOUCHED, MEMBRANE]);
  });

  it('is dropped by Escape before the release', () => {
    canvas.press(200, 200);
    expect(canvas.key('Escape')).toBe(true);
    canvas.release();
    expect([canvas.area, canvas.labels.undoName]).toEqual([null, null]);
    expect(canvas.tools.path).toBe('fill.idle');
  });

  it('waits for the slice to be read, and says so', () => {
    canvas.fields.loading = true;
    canvas.hover(200, 200);
    expect(canvas.area).toBeNull();
    canvas.click(200, 200);
    expect(canvas.blockedTold).toEqual(['loading']);
  });

  it('paints over untouched pixels only when told to', () => {
    canvas.with({ label: MEMBRANE }).choose('brush').click(200, 200);
    const painted = canvas.count(MEMBRANE);
    canvas.with({ label: INTERIOR, overwrite: { kind: 'untouched' } }).choose('fill');
    canvas.click(200, 200);
    expect(canvas.blockedTold).toEqual(['nothing-changed']);
    canvas.click(150, 200);
    expect(canvas.count(MEMBRANE)).toBe(painted);
  });
});

describe('the wand', () => {
  beforeEach(() => {
    // Grey rises from left to right by one every two pixels; the prediction is flat but for a square.
    canvas.fields.photograph((x) => Math.min(255, x / 2));
    canvas.choose('wand').set({ tolerance: 10 });
  });

  it('takes up what is as bright as its seed, and paints on Enter', () => {
    canvas.click(200, 100);
    expect(canvas.previewed()).toBe(42 * 700);
    expect(canvas.labels.undoName).toBeNull();
    expect(canvas.key('Enter')).toBe(true);
    expect([canvas.label(190, 600), canvas.label(250, 100)]).toEqual([MEMBRANE, UNTOUCHED]);
    undoneAs('Wand');
  });

  it('widens and narrows with a drag sideways, remembers that, and paints on a second click', () => {
    // Two CSS pixels an image pixel, two CSS pixels a step.
    canvas.press(200, 100).move([220, 100]);
    expect(canvas.settings.tolerance).toBe(30);
    expect(canvas.previewed()).toBe(122 * 700);
    canvas.move([195, 140]).release();
    expect([canvas.settings.tolerance, canvas.previewed()]).toEqual([5, 22 * 700]);
    canvas.click(200, 300);
    expect(canvas.count(MEMBRANE)).toBe(22 * 700);
    expect(canvas.settings.tolerance).toBe(5);
    undoneAs('Wand');
  });

  it('pressed while the slice is still being read, selects as soon as it is', () => {
    canvas.fields.loading = true;
    canvas.click(200, 100);
    expect([canvas.area, canvas.key('Enter')]).toEqual([null, false]);
    canvas.fields.loading = false;
    canvas.tools.refresh('slice');
    expect([canvas.previewed(), canvas.tools.path]).toEqual([42 * 700, 'wand.waiting']);
  });

  it('goes by the prediction where there is one', () => {
    canvas.fields.predict((x, y) => (x >= 100 && x < 150 && y >= 100 && y < 120 ? 220 : 10));
    canvas.click(120, 110);
    expect(canvas.previewed()).toBe(50 * 20);
  });

  it('follows the tolerance of its option, begins anew outside, and is dropped by Escape', () => {
    canvas.click(200, 100).set({ tolerance: 20 });
    expect(canvas.previewed()).toBe(82 * 700);
    canvas.click(400, 100);
    expect(canvas.previewed()).toBe(82 * 700);
    expect(canvas.labels.undoName).toBeNull();
    expect(canvas.key('Escape')).toBe(true);
    expect([canvas.area, canvas.key('Enter')]).toEqual([null, false]);
  });
});
