import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { writeSlices, writeZarr } from './folder-files';
import { LabelReader } from './label-reader';
import { Workspace } from './workspace';

const size = { width: 300, height: 260, depth: 4 };
const value = (x: number, y: number, z: number): number =>
  (x * (z + 2) + y * 3 + ((x * y) >> 5)) & 255;

let home: Home;
let app: RunningApp;
let work: Workspace;
test.beforeEach(async () => {
  home = await makeHome();
  app = await launchApp({ home });
  work = new Workspace(app.page);
});
test.afterEach(async () => {
  await app.close();
  await home.remove();
});

/** A stroke on the slice in view, and the word that it is on the disk. */
async function paint(): Promise<void> {
  await work.press('b');
  await work.stroke(await work.at(0.3, 0.3), await work.at(0.6, 0.6));
  await expect(work.saved).toHaveText(/^\s*Saved/);
}

async function painted(): Promise<number> {
  return (await LabelReader.open(app.page)).lastSequence;
}

async function restart(): Promise<void> {
  await app.close();
  app = await launchApp({ home });
  work = new Workspace(app.page);
}

test('a folder of PNG slices opens from the start screen, is painted, and is found again after it moved', async () => {
  const folder = await writeSlices(join(home.folder, 'my series'), size, value);
  await app.answerDialogs(folder);
  await app.page.getByRole('button', { name: 'Open folder…' }).click();
  await work.opened();
  await expect(app.page.getByRole('heading', { level: 1, name: 'my series' })).toBeVisible();
  await expect(work.picture).toHaveAccessibleName('Slice 1 of 4');
  await app.picture('folder-of-slices');
  const first = await work.look();
  await app.page.keyboard.press('End');
  await expect(work.picture).toHaveAccessibleName('Slice 4 of 4');
  await expect.poll(async () => (await work.look()).mark).not.toBe(first.mark);
  await paint();
  const before = await painted();
  expect(before).toBeGreaterThan(0);

  await restart();
  await app.page
    .getByRole('button', { name: /my series/ })
    .first()
    .click();
  await work.opened();
  expect(await painted()).toBe(before);
  await expect(app.page.getByText('The file has changed')).toHaveCount(0);
  expect(app.problems).toEqual([]);

  const moved = join(home.folder, 'moved series');
  await rename(folder, moved);
  await restart();
  await app.page
    .getByRole('button', { name: /my series/ })
    .first()
    .click();
  await app.answerDialogs(moved);
  await app.page.getByRole('button', { name: 'Find its folder…' }).click();
  await expect(app.page.getByText('is the stack of this project again')).toBeVisible();
  await work.opened();
  expect(await painted()).toBe(before);
});

test('an OME-Zarr dropped on the window opens, is painted, and is there after a restart; a lost chunk is hatched', async () => {
  const folder = await writeZarr(join(home.folder, 'cells.ome.zarr'), size, value);
  const door = await app.page.context().newCDPSession(app.page);
  await expect(app.page.getByText('Drop a stack here')).toBeVisible();
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await door.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
  await work.opened();
  await expect(app.page.getByRole('heading', { level: 1, name: 'cells' })).toBeVisible();
  await expect(app.page.getByText('4 × 4 × 50 nm').first()).toBeVisible();
  await paint();
  const before = await painted();
  expect(before).toBeGreaterThan(0);
  await rm(join(folder, '0', '0.1.1'));

  await restart();
  await app.page.getByRole('button', { name: /cells/ }).first().click();
  await work.opened();
  expect(await painted()).toBe(before);
  // Another set of chunks than the project knew: it is shown, and both are said.
  await expect(app.page.getByText(/1 of its 36 chunks is not there/).first()).toBeVisible();
  await app.picture('zarr-lost-chunk');
});

test('a folder that is no stack is refused in words', async () => {
  const folder = await writeSlices(join(home.folder, 'mixed'), size, value);
  await writeSlices(join(folder, 'inner'), size, value);
  await rename(join(folder, 'inner', 'slice 1.png'), join(folder, 'mask 1.png'));
  await rename(join(folder, 'inner', 'slice 2.png'), join(folder, 'mask 2.png'));
  await app.answerDialogs(folder);
  await app.page.getByRole('button', { name: 'Open folder…' }).click();
  await expect(app.page.getByText('There are several stacks in it')).toBeVisible();
  await expect(app.page.getByText(/mask #\.png \(2 slices\)/)).toBeVisible();
  await app.picture('folder-refused');
});
