import { beforeEach, describe, expect, it } from 'vitest';
import { INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { HeadlessCanvas } from './testing/headless-canvas';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

let canvas: HeadlessCanvas;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
});

/** The labels along a row that the hand passes at y = 100. */
const along = (...xs: number[]): (number | undefined)[] => xs.map((x) => canvas.label(x, 100));

describe('a wrong prediction under the eraser', () => {
  beforeEach(() => {
    canvas.fields.predict((x) => (x >= 100 && x < 200 ? 200 : 20));
  });

  it('becomes painted interior, whichever hand erases, and nothing else does', () => {
    const hands = [
      () => canvas.choose('eraser').stroke([60, 100], [240, 100]).choose('brush'),
      () => canvas.press(60, 100, {}, 2).move([70, 100], [240, 100]).release(),
      () => canvas.stroke([60, 100], [240, 100], { control: true }),
    ];
    for (const hand of hands) {
      hand();
      expect(along(80, 150, 230)).toEqual([UNTOUCHED, INTERIOR, UNTOUCHED]);
      expect(canvas.labels.undoName).toBe('Eraser');
      canvas.undo();
      expect(canvas.count(UNTOUCHED)).toBe(700 * 700);
    }
    expect(canvas.blockedTold).toEqual([]);
  });

  it('stays when labels alone are taken away, and the hand is told how to erase it', () => {
    canvas.set({ eraseTo: 'prediction' }).press(150, 100, {}, 2).move([180, 100]).release();
    expect(canvas.blockedTold).toEqual(['no-label-to-erase']);
    canvas.stroke([110, 100], [190, 100]);
    canvas.press(140, 100, {}, 2).move([160, 100]).release();
    expect(along(115, 150)).toEqual([MEMBRANE, UNTOUCHED]);
  });

  it('waits for nothing but its own prediction: a stroke before that is here appears when it is', async () => {
    let arrive = (): void => undefined;
    canvas.predictionComes = new Promise((resolve) => (arrive = resolve));
    canvas.choose('eraser').press(60, 100).move([240, 100]).release();
    canvas.choose('brush').stroke([60, 300], [240, 300]);
    expect(canvas.count(MEMBRANE)).toBeGreaterThan(0);
    canvas.labelsArrive(true);
    arrive();
    await settled();
    expect(along(80, 150, 230)).toEqual([UNTOUCHED, INTERIOR, UNTOUCHED]);
  });

  it('keeps to what the hand may change: locks, “only”, and the gate by probability', () => {
    canvas.with({ label: 3 }).stroke([120, 100], [140, 100]);
    const erase = (): (number | undefined)[] => {
      canvas.press(60, 100, {}, 2).move([240, 100]).release();
      const seen = along(130, 170);
      if (canvas.labels.undoName === 'Eraser') canvas.undo();
      return seen;
    };
    expect(erase()).toEqual([UNTOUCHED, INTERIOR]);
    canvas.with({ locked: new Set([3]) });
    expect(erase()).toEqual([3, INTERIOR]);
    canvas.with({ locked: new Set(), overwrite: { kind: 'untouched' } });
    expect(erase()).toEqual([3, INTERIOR]);
    canvas.with({ overwrite: { kind: 'only-class', class: 3 } });
    expect(erase()).toEqual([UNTOUCHED, UNTOUCHED]);
    canvas.with({ overwrite: { kind: 'all' } }).set({ gate: { min: 0, max: 0.5 } });
    expect(erase()).toEqual([3, UNTOUCHED]);
    expect(canvas.blockedTold).toEqual(['nothing-to-erase']);
  });
});

describe('without a prediction', () => {
  it('painted membrane becomes interior, other classes come off, and nothing is erased where nobody painted', () => {
    canvas.stroke([50, 100], [90, 100]);
    canvas.with({ label: VOID }).stroke([120, 100], [150, 100]);
    canvas.press(60, 100, {}, 2).move([140, 100]).release();
    expect(along(75, 135, 105)).toEqual([INTERIOR, UNTOUCHED, UNTOUCHED]);
    expect(canvas.blockedTold).toEqual([]);
    canvas.press(300, 300, {}, 2).move([340, 300]).release();
    expect(canvas.blockedTold).toEqual(['nothing-predicted-to-erase']);
  });
});
