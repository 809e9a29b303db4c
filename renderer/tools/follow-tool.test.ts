import { beforeEach, describe, expect, it } from 'vitest';
import { MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

let canvas: HeadlessCanvas;

/** A membrane that goes up and down like a wave, three pixels wide. */
const wave = (x: number): number => 300 + 60 * Math.sin(x / 50);

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
  canvas.fields.predict((x, y) => (Math.abs(y - wave(x)) < 3 ? 240 : 8));
  canvas.with({ radius: 4 }).choose('follower');
});

/** How far the path strays from the membrane, in pixels. */
function strays(): number {
  const points = canvas.path?.points ?? [];
  expect(points.length).toBeGreaterThan(100);
  return Math.max(...points.map(({ x, y }) => Math.abs(y - wave(x))));
}

describe('the membrane follower', () => {
  it('runs along the membrane to the pointer, and paints all its legs as one step', () => {
    canvas.click(50, wave(50)).hover(250, wave(250));
    expect(strays()).toBeLessThan(6);
    expect(canvas.count(MEMBRANE)).toBe(0);
    canvas.click(250, wave(250)).click(600, wave(600));
    expect(canvas.path?.corners).toHaveLength(3);
    expect(strays()).toBeLessThan(6);
    expect(canvas.key('Enter')).toBe(true);
    for (const x of [60, 150, 240, 260, 430, 590])
      expect(canvas.label(x, Math.round(wave(x)))).toBe(MEMBRANE);
    expect([canvas.path, canvas.labels.undoName]).toEqual([null, 'Follow membrane']);
    canvas.undo();
    expect(canvas.labels.undoName).toBeNull();
    expect(canvas.count(UNTOUCHED)).toBe(700 * 700);
  });

  it('takes the last leg back with Backspace, then the start; Escape drops it all', () => {
    canvas.click(50, wave(50)).click(250, wave(250)).click(400, wave(400));
    canvas.key('Backspace');
    expect(canvas.path?.corners).toHaveLength(2);
    canvas.hover(100, wave(100));
    expect(canvas.path?.points.at(-1)?.x).toBeCloseTo(100.5, 0);
    canvas.key('Escape');
    expect([canvas.path, canvas.labels.undoName]).toEqual([null, null]);
    canvas.click(50, wave(50));
    expect(canvas.key('Backspace')).toBe(true);
    expect([canvas.tools.path, canvas.key('Backspace')]).toEqual(['follower.idle', false]);
  });

  it('without a prediction follows what is dark in the image', async () => {
    canvas = await HeadlessCanvas.open();
    canvas.fields.photograph((x, y) => (Math.abs(y - wave(x)) < 3 ? 30 : 190));
    canvas.choose('follower').click(50, wave(50)).hover(600, wave(600));
    expect(strays()).toBeLessThan(6);
  });

  it('clicked while the slice is still being read, begins there as soon as it is', () => {
    canvas.fields.loading = true;
    canvas.click(50, wave(50));
    expect(canvas.path).toBeNull();
    canvas.fields.loading = false;
    canvas.tools.refresh('slice');
    expect(canvas.path?.corners).toHaveLength(1);
  });

  it('paints with the brush’s rule: a locked class stays', () => {
    canvas.with({ label: 3, radius: 20 }).choose('brush').click(300, wave(300));
    const kept = canvas.count(3);
    canvas.with({ label: MEMBRANE, radius: 2, locked: new Set([3]) }).choose('follower');
    canvas.click(50, wave(50)).click(600, wave(600)).key('Enter');
    expect(canvas.count(3)).toBe(kept);
    expect(canvas.label(100, Math.round(wave(100)))).toBe(MEMBRANE);
  });

  it('does not begin where nothing can be painted', () => {
    canvas.reason = 'mask-hidden';
    canvas.click(50, wave(50));
    expect([canvas.path, canvas.blockedTold]).toEqual([null, ['mask-hidden']]);
  });
});
