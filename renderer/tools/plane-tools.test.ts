import { describe, expect, it } from 'vitest';
import { painted } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';
import { toolNames } from './tool-names';

async function inPlane(): Promise<HeadlessCanvas> {
  const canvas = await HeadlessCanvas.open({ width: 300, height: 300 });
  canvas.plane = 'xz';
  return canvas.with({ label: painted(2), radius: 4 });
}

describe('tools in a plane at right angles to the slices', () => {
  it('are brush, eraser, pick and pan; every other one says that it works on slices, and does nothing', async () => {
    const canvas = await inPlane();
    for (const tool of toolNames) {
      const told = canvas.blockedTold.length;
      canvas.choose(tool).hover(40, 40).click(40, 40).key('Escape');
      const works = ['brush', 'eraser', 'pick', 'pan'].includes(tool);
      expect([tool, canvas.blockedTold.slice(told)]).toEqual([tool, works ? [] : ['slices-only']]);
    }
    expect([canvas.area, canvas.outline, canvas.path]).toEqual([null, null, null]);
  });

  it('paint there, pan with Space and erase with the right button whatever is in hand', async () => {
    const canvas = await inPlane();
    canvas.choose('brush').stroke([50, 50], [80, 50]);
    const before = canvas.count(painted(2));
    expect(before).toBeGreaterThan(100);
    canvas.set({ eraseTo: 'prediction' }).choose('lasso');
    canvas.press(50, 50, {}, 2).move([60, 50]).release();
    expect(canvas.count(painted(2))).toBeLessThan(before);
    canvas.tools.holdPan(true);
    canvas.press(10, 10).move([20, 10]).release();
    expect([canvas.pan, canvas.blockedTold]).toEqual([{ x: 20, y: 0 }, []]);
  });

  it('paint by probability on slices alone', async () => {
    const canvas = await inPlane();
    canvas
      .set({ gate: { min: 0.5, max: 1 } })
      .choose('brush')
      .stroke([50, 50], [80, 50]);
    expect(canvas.blockedTold).toEqual(['gate-on-slices-only']);
    expect(canvas.count(painted(2))).toBe(0);
  });

  it('move the point where planes cross with a click of the hand, which a drag does not', async () => {
    const canvas = await inPlane();
    canvas.choose('pan').press(10, 10).move([30, 10]).release();
    expect(canvas.pointed).toEqual([]);
    canvas.click(42, 17);
    canvas.choose('brush').press(70, 71, {}, 1).release();
    expect(canvas.pointed).toEqual([
      { x: 42, y: 17 },
      { x: 70, y: 71 },
    ]);
  });
});
