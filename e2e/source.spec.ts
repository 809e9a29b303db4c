import { copyFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { LabelReader } from './label-reader';
import { Workspace } from './workspace';

const sample = resolve(import.meta.dirname, '..', 'resources', 'sample', 'vnc-sample.tif');
const crops = resolve(import.meta.dirname, '..', 'resources', 'replay', 'vnc-crops.tif');

let home: Home;
let app: RunningApp;
let work: Workspace;
let stack: string;
test.beforeEach(async () => {
  home = await makeHome();
  stack = join(home.folder, 'brain.tif');
  await copyFile(sample, stack);
  app = await launchApp({ home, files: [stack] });
  work = new Workspace(app.page);
  await work.opened();
});
test.afterEach(async () => {
  await app.close();
  await home.remove();
});

test('a stack that became another file says so, on a slice and in a job, and goes on when it is back', async () => {
  const { page } = app;
  const kept = join(home.folder, 'kept.tif');
  const other = join(home.folder, 'other.tif');
  await rename(stack, kept);
  await copyFile(crops, other);
  await rename(other, stack);
  const before = await work.look();
  await page.keyboard.press('End');
  const card = page.getByText('The file has changed since it was opened').first();
  await expect(card).toBeVisible();
  await expect(page.getByText('brain.tif', { exact: false }).first()).toBeVisible();
  // Neither the other file nor the slice before stands under this number.
  await expect.poll(async () => (await work.look()).mark).not.toBe(before.mark);
  await expect.poll(async () => (await work.look()).shades).toBeLessThan(before.shades / 2);
  await app.picture('source-replaced');
  await work.press('s');
  await expect(work.card('Slice segmented')).toHaveCount(0);
  await expect(card).toBeVisible();
  await page.waitForTimeout(1500);
  await app.picture('source-replaced-job');

  await rename(kept, stack);
  await page.keyboard.press('Home');
  await page.keyboard.press('End');
  await expect.poll(() => work.drawn()).toBe(true);
});

test('the stack is found again while the hand paints, and every stroke is saved', async () => {
  const { page } = app;
  const moved = join(home.folder, 'moved.tif');
  await copyFile(stack, moved);
  await app.answerDialogs(moved);
  await work.press('b');
  let strokes = 0;
  const paint = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      // While the picture comes anew there is nothing to paint on.
      if ((await work.picture.boundingBox()) === null) continue;
      const x = 0.2 + 0.05 * (strokes % 12);
      const y = 0.2 + 0.1 * Math.floor(strokes / 12);
      const ends = [work.at(x, y), work.at(x + 0.03, y + 0.05)] as const;
      const line = await Promise.all(ends).catch(() => null);
      if (line === null) continue;
      await work.stroke(...line, 'left', 3);
      strokes += 1;
    }
  };
  await paint(4);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('find the stack');
  await expect(
    page.getByRole('dialog', { name: 'Commands' }).getByRole('option').first(),
  ).toContainText('Find the stack');
  // It says so for a few seconds, while the hand goes on.
  const found = page.getByText('is the stack of this project again').waitFor();
  await page.keyboard.press('Enter');
  await paint(20);
  await found;
  await paint(4);
  await expect(work.saved).toHaveText(/^\s*Saved/);
  await app.picture('source-relinked');
  const labels = await LabelReader.open(page);
  // Some strokes fell while the picture was drawn anew; none of those that were made is waiting.
  expect(labels.lastSequence).toBeGreaterThanOrEqual(8);
});

test('About says which Electron this is, where it is not the one that the app is made for', async () => {
  const { page } = app;
  const runs = await app.electron.evaluate(() => process.versions['electron']);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('about');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await app.picture('about');
  if (runs === '45.4.1') await expect(dialog.getByText('This copy runs on')).toHaveCount(0);
  else await expect(dialog.getByText(`This copy runs on Electron ${runs}`)).toBeVisible();
});
