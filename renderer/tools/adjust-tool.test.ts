import { beforeEach, describe, expect, it } from 'vitest';
import { INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

let canvas: HeadlessCanvas;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
  // A block of membrane with a hole, and a speck beside it.
  canvas.fields.predict((x, y) => {
    const block = x >= 100 && x < 200 && y >= 100 && y < 200;
    const hole = x >= 140 && x < 150 && y >= 140 && y < 150;
    const speck = x >= 400 && x < 404 && y >= 400 && y < 404;
    return (block && !hole) || speck ? 230 : 20;
  });
});

describe('adjusting a class', () => {
  it('shows at once what would grow, follows its amount, and does it on Enter as one step', () => {
    canvas.set({ adjustment: 'grow', amount: 1 }).choose('adjust');
    const one = canvas.previewed();
    // A rim of one pixel around the block, within the hole, and around the speck.
    expect(one).toBe(4 * 100 + 4 * 10 + 4 * 4 - 4);
    canvas.set({ amount: 3 });
    expect(canvas.previewed()).toBeGreaterThan(2.5 * one);
    expect(canvas.labels.undoName).toBeNull();
    const pixels = canvas.previewed();
    expect(canvas.key('Enter')).toBe(true);
    expect(canvas.count(MEMBRANE)).toBe(pixels);
    expect([canvas.label(98, 150), canvas.label(150, 120)]).toEqual([MEMBRANE, UNTOUCHED]);
    expect([canvas.area, canvas.labels.undoName]).toEqual([null, 'Grow']);
    canvas.undo();
    expect(canvas.count(UNTOUCHED)).toBe(700 * 700);
  });

  it('shrinks and takes specks away by painting interior', () => {
    canvas.set({ adjustment: 'shrink', amount: 2 }).choose('adjust').key('Enter');
    expect([canvas.label(101, 150), canvas.label(150, 105)]).toEqual([INTERIOR, UNTOUCHED]);
    expect(canvas.labels.undoName).toBe('Shrink');
    canvas.undo();
    canvas.set({ adjustment: 'remove-specks', amount: 20 }).key('Enter');
    expect([canvas.label(402, 402), canvas.count(INTERIOR)]).toEqual([INTERIOR, 16]);
    expect(canvas.labels.undoName).toBe('Remove specks');
  });

  it('fills holes, and smooths corners both ways', () => {
    canvas.set({ adjustment: 'fill-holes', amount: 50 }).choose('adjust');
    expect(canvas.previewed()).toBe(0);
    canvas.set({ amount: 100 }).key('Enter');
    expect([canvas.label(145, 145), canvas.count(MEMBRANE)]).toEqual([MEMBRANE, 100]);
    canvas.set({ adjustment: 'smooth', amount: 4 });
    expect(canvas.previewed()).toBeGreaterThan(8);
    canvas.key('Enter');
    expect(canvas.label(100, 100)).toBe(INTERIOR);
  });

  it('keeps to a region that is dragged around, until a click', () => {
    canvas.set({ adjustment: 'grow', amount: 1 }).choose('adjust');
    const all = canvas.previewed();
    canvas.press(390, 390).move([420, 390], [420, 420], [390, 420]).release();
    expect(canvas.previewed()).toBe(16);
    canvas.click(500, 500);
    expect(canvas.previewed()).toBe(all);
  });

  it('is taken away by Escape and stays away until it is asked for', () => {
    canvas.set({ adjustment: 'grow', amount: 1 }).choose('adjust');
    expect(canvas.key('Escape')).toBe(true);
    expect([canvas.area, canvas.key('Escape')]).toEqual([null, false]);
    canvas.tools.refresh('slice');
    expect(canvas.area).toBeNull();
    canvas.key('Enter');
    expect(canvas.previewed()).toBeGreaterThan(0);
    expect(canvas.labels.undoName).toBeNull();
  });

  it('appears when the slice has been read', () => {
    canvas.fields.loading = true;
    canvas.set({ adjustment: 'grow', amount: 1 }).choose('adjust');
    expect(canvas.area).toBeNull();
    canvas.fields.loading = false;
    canvas.tools.refresh('slice');
    expect(canvas.previewed()).toBeGreaterThan(0);
  });

  it('leaves locked classes alone', () => {
    canvas.with({ label: 3, radius: 30 }).choose('brush').click(80, 150);
    const kept = canvas.count(3);
    canvas.with({ label: MEMBRANE, locked: new Set([3]) });
    canvas.set({ adjustment: 'grow', amount: 5 }).choose('adjust').key('Enter');
    expect(canvas.count(3)).toBe(kept);
    expect(canvas.label(202, 150)).toBe(MEMBRANE);
  });
});
