import { beforeEach, describe, expect, it } from 'vitest';
import { MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import type { Point } from '#labels/rasterize';
import { HeadlessCanvas } from '../../tools/testing/headless-canvas';
import { KeyboardPointer } from './keyboard-pointer';
import { ViewCamera } from '../camera/view-camera';
import { toImage } from '../camera/view-geometry';

let canvas: HeadlessCanvas;
let camera: ViewCamera;
let hand: KeyboardPointer;
/** Where the crosshair is drawn, CSS pixels; null while it is not. */
let drawn: Point | null;
let mouse: Point | null;

beforeEach(async () => {
  canvas = await HeadlessCanvas.open();
  camera = new ViewCamera(() => undefined);
  camera.setImage(700, 700);
  camera.setView(400, 400, 1);
  camera.zoomTo(2);
  drawn = null;
  mouse = null;
  hand = new KeyboardPointer({
    camera,
    controller: canvas.tools,
    mark: {
      place: (at) => {
        drawn = at;
      },
      hide: () => {
        drawn = null;
      },
    },
    slice: () => canvas.labels.tiles,
    pointed: () => undefined,
    pointer: () => mouse,
  });
});

function move(dx: number, dy: number, times = 1): void {
  for (let i = 0; i < times; i += 1) hand.move(dx, dy);
}

describe('the keyboard', () => {
  it('points at the middle of the view first, under the mouse when it is there', () => {
    hand.move(1, 0);
    expect(hand.at).toEqual({ x: 350.5, y: 350.5 });
    expect(drawn).toEqual({ x: 201, y: 201 });
    hand.hide();
    mouse = { x: 100.2, y: 90.9 };
    hand.move(0, 1);
    expect(hand.at).toEqual({ x: 100.5, y: 90.5 });
    hand.move(0, 1);
    expect(hand.at).toEqual({ x: 100.5, y: 91.5 });
  });

  it('stays within the slice, and brings along the view', () => {
    hand.move(0, 0);
    move(-10, 0, 100);
    expect(hand.at).toEqual({ x: 0.5, y: 350.5 });
    expect(toImage(camera.geometry, { x: 0, y: 0 }).x).toBeLessThan(0.5);
    expect(toImage(camera.geometry, { x: 400, y: 0 }).x).toBeGreaterThan(0.5);
  });

  it('draws between two taps, as one step', () => {
    hand.move(0, 0);
    hand.press(false);
    hand.keyUp();
    expect(hand.holds).toBe(true);
    move(10, 0, 8);
    expect(canvas.label(400, 350)).toBe(MEMBRANE);
    hand.press(false);
    hand.keyUp();
    expect([hand.holds, canvas.tools.busy]).toEqual([false, false]);
    move(0, 10, 5);
    expect(canvas.label(430, 400)).toBe(UNTOUCHED);
    canvas.undo();
    expect(canvas.labels.undoName).toBeNull();
  });

  it('draws as long as the key is held down while the crosshair moves', () => {
    hand.move(0, 0);
    hand.press(false);
    move(10, 0, 5);
    hand.keyUp();
    expect(hand.holds).toBe(false);
    expect(canvas.label(390, 350)).toBe(MEMBRANE);
  });

  it('goes on in a straight line with Shift', () => {
    hand.move(0, 0);
    hand.press(false);
    hand.press(false);
    move(10, 0, 6);
    hand.press(true);
    hand.press(false);
    expect(canvas.label(380, 350)).toBe(MEMBRANE);
  });

  it('sets a corner with each tap, and Enter closes', () => {
    canvas.choose('polygon');
    hand.move(0, 0);
    for (const [dx, dy] of [
      [100, 0],
      [0, 100],
      [-100, 0],
    ] as const) {
      hand.press(false);
      hand.keyUp();
      hand.move(dx, dy);
    }
    hand.press(false);
    canvas.key('Enter');
    expect(canvas.label(400, 400)).toBe(MEMBRANE);
    expect(canvas.labels.undoName).toBe('Polygon');
  });

  it('lets go when Escape drops the stroke', () => {
    hand.move(0, 0);
    hand.press(false);
    move(10, 0, 3);
    canvas.key('Escape');
    expect(hand.holds).toBe(false);
    move(10, 0, 3);
    expect(canvas.count(MEMBRANE)).toBe(0);
  });

  it('is not put off by a mouse that rests', () => {
    expect(hand.ignores({ x: 10, y: 10 })).toBe(false);
    hand.move(0, 0);
    expect(hand.ignores({ x: 10, y: 10 })).toBe(true);
    expect(hand.ignores({ x: 11, y: 10 })).toBe(false);
  });
});
