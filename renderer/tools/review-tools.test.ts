import { beforeEach, describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

let canvas: HeadlessCanvas;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
  // Membrane on the left half.
  canvas.fields.predict((x) => (x < 350 ? 230 : 20));
  canvas.with({ radius: 10 });
});

describe('the confirm brush', () => {
  it('confirms what is shown where it passes, as one step, and leaves paint alone', () => {
    canvas.with({ label: INTERIOR }).choose('brush').click(300, 100);
    canvas.choose('confirm-brush').press(250, 100).move([450, 100]);
    expect(canvas.previewed()).toBeGreaterThan(4000);
    expect(canvas.label(250, 100)).toBe(UNTOUCHED);
    canvas.release();
    expect(canvas.area).toBeNull();
    expect([250, 300, 400].map((x) => canvas.label(x, 100))).toEqual([
      confirmed(MEMBRANE),
      INTERIOR,
      confirmed(INTERIOR),
    ]);
    expect(canvas.labels.undoName).toBe('Confirm brush');
    canvas.undo();
    expect([canvas.label(250, 100), canvas.label(300, 100)]).toEqual([UNTOUCHED, INTERIOR]);
  });

  it('has read what it needs by the first stroke, and says so where it is not here yet', () => {
    canvas.fields.lazy = true;
    canvas.choose('confirm-brush');
    canvas.stroke([250, 100], [450, 100]);
    expect([canvas.labels.undoName, canvas.blockedTold]).toEqual(['Confirm brush', []]);
    canvas.fields.loading = true;
    canvas.stroke([250, 300], [450, 300]);
    expect(canvas.blockedTold).toEqual(['loading']);
  });

  it('is dropped by Escape, kept when the pointer is lost', () => {
    canvas.choose('confirm-brush').press(250, 100).move([450, 100]);
    expect(canvas.key('Escape')).toBe(true);
    canvas.release();
    expect([canvas.area, canvas.labels.undoName]).toEqual([null, null]);
    canvas.press(250, 100).move([260, 100]);
    canvas.tools.lose();
    expect(canvas.labels.undoName).toBe('Confirm brush');
  });

  it('says why it does nothing: no prediction, a locked review', async () => {
    canvas.reason = 'review-locked';
    canvas.choose('confirm-brush').click(250, 100);
    canvas = await HeadlessCanvas.open();
    canvas.choose('confirm-brush').click(250, 100);
    expect(canvas.blockedTold).toEqual(['no-prediction']);
  });
});

describe('un-review', () => {
  beforeEach(() => {
    canvas.choose('confirm-brush').stroke([200, 100], [500, 100]);
    canvas.with({ label: MEMBRANE }).choose('brush').click(400, 100);
  });

  it('opens confirmed pixels again under its brush, not painted ones', () => {
    canvas.choose('unreview-brush').stroke([300, 100], [450, 100]);
    expect([250, 320, 400, 440].map((x) => canvas.label(x, 100))).toEqual([
      confirmed(MEMBRANE),
      UNTOUCHED,
      MEMBRANE,
      UNTOUCHED,
    ]);
    expect(canvas.labels.undoName).toBe('Un-review brush');
  });

  it('opens a region on Enter, but for locked classes', () => {
    canvas.with({ locked: new Set([INTERIOR]) }).choose('unreview-region');
    canvas.press(190, 80).move([510, 80], [510, 120], [190, 120]).release();
    expect(canvas.label(250, 100)).toBe(confirmed(MEMBRANE));
    expect(canvas.key('Enter')).toBe(true);
    expect([canvas.label(250, 100), canvas.label(450, 100)]).toEqual([
      UNTOUCHED,
      confirmed(INTERIOR),
    ]);
    expect(canvas.labels.undoName).toBe('Un-review region');
  });
});
