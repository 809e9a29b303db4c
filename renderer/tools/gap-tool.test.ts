import { beforeEach, describe, expect, it } from 'vitest';
import { INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

let canvas: HeadlessCanvas;

/** A round cell of radius 80 with a wall 5 px thick that is broken over some 20 px at its top; the image shows the whole of it. */
const ring = (x: number, y: number): number => Math.abs(Math.hypot(x - 300, y - 300) - 80);
const broken = (x: number, y: number): boolean => y < 300 && Math.abs(x - 300) < 10;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
  canvas.fields.predict((x, y) => (ring(x, y) < 2.5 && !broken(x, y) ? 240 : 8));
  canvas.fields.photograph((x, y) => (ring(x, y) < 2.5 ? 40 : 190));
  canvas.choose('gap');
});

/** How far the way strays from the wall that the image shows, in pixels. */
const strays = (): number =>
  Math.max(...(canvas.path?.points ?? []).map(({ x, y }) => ring(x - 0.5, y - 0.5)));

describe('the tool that closes gaps', () => {
  it('shows the way from a broken end to the next wall, and paints it three pixels wide as one step', () => {
    canvas.hover(289, 222);
    expect(canvas.path?.points.length).toBeGreaterThan(15);
    expect(strays()).toBeLessThan(3.5);
    expect(canvas.count(MEMBRANE)).toBe(0);
    canvas.click(289, 222);
    expect([canvas.path, canvas.labels.undoName]).toEqual([null, 'Close gap']);
    const column = [...Array(20).keys()].filter((i) => canvas.label(300, 212 + i) === MEMBRANE);
    expect(column).toHaveLength(3);
    canvas.undo();
    expect([canvas.count(UNTOUCHED), canvas.labels.undoName]).toEqual([700 * 700, null]);
  });

  it('holds a press to choose another place, and drops it with Escape', () => {
    canvas.press(300, 400).move([289, 222]);
    expect([canvas.tools.path, strays() < 3.5]).toEqual(['gap.aiming', true]);
    canvas.key('Escape');
    canvas.release();
    expect([canvas.path, canvas.labels.undoName, canvas.tools.path]).toEqual([
      null,
      null,
      'gap.idle',
    ]);
    // What was dropped does not come back before the pointer moves.
    canvas.hover(289, 222);
    expect(canvas.path).toBeNull();
    canvas.hover(311, 222);
    expect(canvas.path).not.toBeNull();
  });

  it('paints what is shown with Enter, and nothing more by a second click', () => {
    canvas.hover(289, 222);
    expect(canvas.key('Enter')).toBe(true);
    const closed = canvas.count(MEMBRANE);
    expect(closed).toBeGreaterThan(40);
    canvas.click(289, 222).click(290, 222);
    expect(canvas.count(MEMBRANE)).toBe(closed);
    expect(canvas.key('Enter')).toBe(false);
  });

  it('says where there is none, and why it can’t', () => {
    canvas.click(600, 600);
    canvas.reason = 'mask-hidden';
    canvas.click(289, 222);
    expect(canvas.blockedTold).toEqual(['no-gap', 'mask-hidden']);
    expect(canvas.labels.undoName).toBeNull();
  });

  it('paints membrane with any class in hand, and leaves locked ones alone', () => {
    canvas.with({ label: 3, radius: 9 }).choose('brush').click(300, 220);
    const kept = canvas.count(3);
    expect(kept).toBeGreaterThan(100);
    canvas
      .with({ label: INTERIOR, locked: new Set([3]) })
      .choose('gap')
      .click(289, 222);
    expect([canvas.count(3), canvas.count(INTERIOR)]).toEqual([kept, 0]);
    expect(canvas.count(MEMBRANE)).toBeGreaterThan(0);
  });

  it('waits for a slice that is still being read', () => {
    canvas.fields.loading = true;
    canvas.hover(289, 222);
    expect(canvas.path).toBeNull();
    canvas.fields.loading = false;
    canvas.tools.refresh('slice');
    expect(strays()).toBeLessThan(3.5);
  });

  it('goes by the image alone where nothing is predicted', async () => {
    canvas = await HeadlessCanvas.open();
    canvas.fields.photograph((x, y) => (ring(x, y) < 2.5 ? 40 : 190));
    canvas.with({ label: MEMBRANE, radius: 2 }).choose('brush');
    const at = (angle: number): [number, number] => [
      300 + 80 * Math.cos(angle),
      300 + 80 * Math.sin(angle),
    ];
    for (let step = 0; step < 60; step += 1)
      if (step < 43 || step > 47)
        canvas.stroke(at((step * Math.PI) / 30), at(((step + 1) * Math.PI) / 30));
    canvas.choose('gap').hover(294, 222);
    expect(strays()).toBeLessThan(3.5);
  });
});
