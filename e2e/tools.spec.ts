import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from './app-driver';
import { Hand } from './bindings/hand';
import { LabelReader } from './label-reader';
import type { Point } from './workspace';
import { storyStack } from './story-stack';

let app: RunningApp;
let hand: Hand;
let reader: LabelReader;

/** Label bytes of a slice (from 0) as the main side has them, when everything is saved. */
async function onDisk(z: number): Promise<Uint8Array> {
  await expect(hand.work.saved).toHaveText('Saved');
  return reader.slice(z);
}

/** How many pixels of a slice carry a label byte. */
async function count(z: number, label: number): Promise<number> {
  return (await onDisk(z)).filter((byte) => byte === label).length;
}

/** The label byte on disk of the pixel at a place of the window. */
async function under(z: number, at: Point): Promise<number | undefined> {
  const { x, y } = await hand.pixel(at);
  return (await onDisk(z))[y * reader.width + x];
}

/** What the rows of the option bar say. */
const options = (): Promise<string> =>
  app.page.getByRole('group', { name: 'Tool options' }).innerText();

/** A picture in the light and in the dark. */
async function pictures(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.page.emulateMedia({ colorScheme });
    await hand.settled();
    await app.picture(`tools-${name}-${colorScheme}`);
  }
}

/** Takes the last step back; what it was is gone. */
async function undone(z: number, label: number): Promise<void> {
  await hand.press('Control+z');
  await expect.poll(() => count(z, label)).toBe(0);
}

test.describe.serial('the tools', () => {
  test.beforeAll(async () => {
    app = await launchApp({ files: [storyStack] });
    hand = new Hand(app);
    await hand.work.opened();
    await hand.work.dismissCards();
    await hand.work.segment();
    await hand.work.dismissCards();
    reader = await LabelReader.open(app.page);
  });
  test.afterAll(() => app.close());
  test.beforeEach(() => hand.reset());

  test('a right-drag over a wrong prediction paints interior; labels alone come off when so chosen', async () => {
    const at = await hand.work.tintedSpot(4);
    const to = { x: at.x + 6, y: at.y + 6 };
    const tinted = await hand.work.colour(at);
    await hand.label(at, 'untouched');
    await hand.drag(at, to, 'right');
    await hand.label(at, 'interior, painted');
    await expect.poll(() => under(0, at)).toBe(1);
    expect(await hand.work.colour(at)).not.toEqual(tinted);
    await hand.press('e');
    expect(await options()).toMatch(/Erase:\s*to interior\s*back to the prediction\s*What:/);
    await pictures('eraser');
    await hand.press('Shift+E');
    await expect(app.page.getByText('Erasing takes labels away')).toBeVisible();
    await hand.drag(at, to);
    await hand.label(at, 'untouched');
    expect(await hand.work.colour(at)).toEqual(tinted);
    await hand.drag(at, to);
    await expect(app.page.getByText('set “Erase” to “to interior”')).toBeVisible();
    await hand.press('Shift+E');
    await hand.press('Control+z');
    await hand.press('Control+z');
    await hand.label(at, 'untouched');
    expect(await count(0, 1)).toBe(0);
  });

  test('the wand selects, widens with a drag, and paints on Enter', async () => {
    await hand.press('1');
    await hand.press('w');
    const at = await hand.work.clearSpot(24);
    await hand.click(at);
    await expect.poll(() => hand.work.previewed()).toBeGreaterThan(100);
    await pictures('wand');
    const before = await options();
    await hand.drag(at, { x: at.x + 60, y: at.y });
    await expect.poll(options).not.toBe(before);
    expect(await count(0, 1)).toBe(0);
    await hand.press('Enter');
    await expect.poll(() => under(0, at)).toBe(1);
    expect(await count(0, 1)).toBeGreaterThan(100);
    await undone(0, 1);
  });

  test('the wand is dropped by Escape', async () => {
    await hand.press('w');
    await hand.click(await hand.work.clearSpot(24));
    await hand.press('Escape');
    expect(await hand.work.previewed()).toBe(0);
    expect(await count(0, 2)).toBe(0);
  });

  test('the follower goes from click to click, and is one step', async () => {
    await hand.press('t');
    const from = await hand.work.at(0.35, 0.4);
    const [over, to] = [await hand.work.at(0.5, 0.45), await hand.work.at(0.6, 0.6)];
    await hand.click(from);
    await hand.click(over);
    await hand.work.point(to);
    await pictures('follower');
    await app.page.mouse.dblclick(to.x, to.y);
    for (const at of [from, over, to]) await expect.poll(() => under(0, at)).toBe(2);
    expect(await count(0, 2)).toBeGreaterThan(1000);
    await undone(0, 2);
  });

  test('the gap brush shows a way between two walls, Escape drops it, a click paints it as one step', async () => {
    await hand.press('Shift+T');
    expect(await options()).toContain('Close gap');
    const places = [0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65];
    let at: Point | null = null;
    for (const x of places)
      for (const y of places) {
        if (at !== null) continue;
        const there = await hand.work.at(x, y);
        await hand.work.point(there);
        await hand.settled();
        if ((await hand.work.previewed()) > 0) at = there;
      }
    if (at === null) throw new Error('no place of the slice has a way to the next wall');
    await pictures('gap');
    await hand.press('Escape');
    expect([await hand.work.previewed(), await count(0, 2)]).toEqual([0, 0]);
    await hand.work.point({ x: at.x + 20, y: at.y });
    await hand.work.point(at);
    await expect.poll(() => hand.work.previewed()).toBeGreaterThan(0);
    await hand.click(at);
    await expect.poll(() => count(0, 2)).toBeGreaterThan(20);
    await undone(0, 2);
  });

  test('the fill shows and fills what shows the same class', async () => {
    await hand.press('f');
    await hand.press('1');
    const at = await hand.work.clearSpot(24);
    const plain = await hand.work.previewed();
    await hand.work.point(at);
    await expect.poll(() => hand.work.previewed()).toBeGreaterThan(plain);
    await pictures('fill');
    await hand.click(at);
    await expect.poll(() => under(0, at)).toBe(1);
    await undone(0, 1);
  });

  test('the polygon fills between its corners, on Enter', async () => {
    await hand.press('Shift+l');
    const [first, third] = [await hand.work.at(0.4, 0.4), await hand.work.at(0.55, 0.6)];
    const [second, fourth] = [await hand.work.at(0.55, 0.4), await hand.work.at(0.4, 0.6)];
    for (const corner of [first, second, third, fourth]) await hand.click(corner);
    const inside = await hand.work.at(0.5, 0.5);
    await hand.work.point(inside);
    await pictures('polygon');
    await hand.press('Enter');
    await expect.poll(() => under(0, inside)).toBe(2);
    const [start, end] = [await hand.pixel(first), await hand.pixel(third)];
    const expected = (end.x - start.x) * (end.y - start.y);
    const filled = await count(0, 2);
    expect(Math.abs(filled - expected)).toBeLessThan(expected * 0.03);
    await undone(0, 2);
  });

  test('the lasso waits for Enter', async () => {
    await hand.press('l');
    const [a, b, c] = [
      await hand.work.at(0.4, 0.4),
      await hand.work.at(0.55, 0.42),
      await hand.work.at(0.5, 0.6),
    ];
    await app.page.mouse.move(a.x, a.y);
    await app.page.mouse.down();
    for (const at of [b, c]) await app.page.mouse.move(at.x, at.y, { steps: 8 });
    await app.page.mouse.up();
    await pictures('lasso');
    expect(await count(0, 2)).toBe(0);
    await hand.press('Enter');
    await expect.poll(() => count(0, 2)).toBeGreaterThan(100);
    await undone(0, 2);
  });

  test('V fills the slices between painted ones, and that is one step', async () => {
    const at = await hand.work.at(0.5, 0.5);
    await hand.drag(at, { x: at.x + 40, y: at.y });
    for (const key of ['PageDown', 'PageDown', 'PageDown']) await hand.press(key);
    await hand.slice(4);
    await hand.drag(at, { x: at.x + 40, y: at.y });
    await hand.press('PageUp');
    await hand.press('v');
    await expect(app.page.getByText('Interpolate slices 2–3')).toBeVisible();
    await pictures('interpolate');
    expect([await count(1, 2), await count(2, 2)]).toEqual([0, 0]);
    await hand.press('Enter');
    await expect.poll(() => under(2, at)).toBe(2);
    expect(await count(1, 2)).toBeGreaterThan(100);
    await hand.press('Control+z');
    await expect.poll(() => count(2, 2)).toBe(0);
    expect([await count(1, 2), (await count(3, 2)) > 100]).toEqual([0, true]);
    await hand.press('Control+y');
    await expect.poll(() => count(1, 2)).toBeGreaterThan(100);
    for (let i = 0; i < 3; i += 1) await hand.press('Control+z');
    for (const z of [0, 1, 2, 3]) await expect.poll(() => count(z, 2)).toBe(0);
  });

  test('Shift+V copies to the next slice, which comes into view', async () => {
    const at = await hand.work.at(0.5, 0.5);
    await hand.drag(at, { x: at.x + 40, y: at.y });
    await hand.press('Shift+v');
    await hand.slice(2);
    await expect(app.page.getByText('Copy from slice 1 to 2')).toBeVisible();
    await pictures('copy');
    await hand.press('Shift+v');
    await expect.poll(() => count(1, 2)).toBe(await count(0, 2));
    await hand.press('Control+z');
    await hand.press('Control+z');
    for (const z of [0, 1]) await expect.poll(() => count(z, 2)).toBe(0);
  });

  test('the confirm brush accepts what is shown, the un-review brush opens it again', async () => {
    await hand.press('r');
    const from = await hand.work.at(0.4, 0.5);
    const to = await hand.work.at(0.6, 0.5);
    await app.page.mouse.move(from.x, from.y);
    await app.page.mouse.down();
    await app.page.mouse.move(to.x, to.y, { steps: 10 });
    await pictures('confirm-brush');
    await app.page.mouse.up();
    await expect.poll(() => under(0, from)).toBeGreaterThan(128);
    await hand.press('Shift+r');
    await hand.drag(from, to);
    await expect.poll(() => under(0, from)).toBe(0);
    await pictures('unreview-brush');
    await hand.press('Control+z');
    await hand.press('Control+z');
  });

  test('growing a class is shown first, and kept to its amount', async () => {
    await hand.press('g');
    const plain = await hand.work.previewed();
    expect(plain).toBeGreaterThan(0);
    await hand.press('BracketRight');
    await expect.poll(() => hand.work.previewed()).toBeGreaterThan(plain);
    await pictures('adjust');
    await hand.press('Enter');
    await expect.poll(() => count(0, 2)).toBeGreaterThan(1000);
    await undone(0, 2);
    await hand.press('Shift+f');
    await pictures('fill-holes');
    await hand.press('Escape');
  });

  test('arrows and D do what the mouse does: a polygon by keyboard', async () => {
    await hand.press('Shift+l');
    await app.page.mouse.move(4, 4);
    const steps = ['Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowLeft'];
    await hand.press('ArrowRight');
    for (const step of steps) {
      await hand.press('d');
      for (let i = 0; i < 4; i += 1) await hand.press(step);
    }
    await hand.press('d');
    await pictures('keyboard');
    await hand.press('Enter');
    await expect.poll(() => count(0, 2)).toBeGreaterThan(1500);
    expect(await count(0, 2)).toBeLessThan(1700);
    await undone(0, 2);
  });

  test('on a hidden mask nothing is painted, and the window says so', async () => {
    await hand.press('m');
    await hand.press('w');
    await hand.click(await hand.work.at(0.5, 0.5));
    await expect(app.page.getByText(/The mask is hidden/).first()).toBeVisible();
    await hand.press('m');
    expect(await count(0, 2)).toBe(0);
  });

  test('the gate, the overwrite rule and every tool fit a small window', async () => {
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 640);
    });
    for (const [key, name] of [
      ['b', 'brush'],
      ['l', 'lasso-small'],
      ['w', 'wand-small'],
      ['g', 'adjust-small'],
      ['r', 'review-small'],
    ] as const) {
      await hand.press(key);
      if (key === 'b') {
        await app.page.getByRole('button', { name: /more option/ }).click();
        await app.page.getByRole('button', { name: 'By probability' }).click();
      }
      await pictures(name);
    }
    const rail = app.page.getByRole('toolbar', { name: 'Tools' });
    const box = await rail.boundingBox();
    for (const button of await rail.getByRole('button').all()) {
      const place = await button.boundingBox();
      expect(place && box && place.y + place.height <= box.y + box.height + 0.5).toBe(true);
      expect(await button.getAttribute('title')).toMatch(/\S/);
    }
    await hand.press('b');
    await app.page.getByRole('button', { name: /more option/ }).click();
    await app.page.getByRole('button', { name: 'Only where p is' }).click();
  });

  test('nothing complained', () => {
    expect(app.problems).toEqual([]);
  });
});
