import { createHash } from 'node:crypto';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { LabelReader } from './label-reader';
import { Workspace } from './workspace';
import { storyStack } from './story-stack';

let home: Home;
let app: RunningApp;
let work: Workspace;
let stack: string;
let reader: LabelReader;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  home = await makeHome();
  const folder = join(home.folder, 'data');
  await mkdir(folder, { recursive: true });
  stack = join(folder, 'tissue.tif');
  await copyFile(storyStack, stack);
  app = await launchApp({ home, files: [stack] });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
  reader = await LabelReader.open(app.page);
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

const dialog = () => app.page.getByRole('dialog', { name: 'Saved states' });
/** The labels of a slice on the disk, as a checksum: a quarter of a million bytes take their time to compare. */
const labels = async (z: number): Promise<string> => {
  await expect(work.saved).toHaveText('Saved');
  return createHash('sha256')
    .update(await reader.slice(z))
    .digest('hex');
};

async function strokeAt(x: number, y: number): Promise<void> {
  const at = await work.at(x, y);
  await work.stroke(at, { x: at.x + 40, y: at.y + 20 });
  await expect(work.saved).toHaveText('Saved');
}

test('Ctrl+S keeps a state of the labels under a name', async () => {
  await strokeAt(0.4, 0.4);
  await work.press('Control+s');
  const name = dialog().getByLabel('Name');
  await expect(name).toHaveValue(/^State 1 – \d\d:\d\d$/);
  await expect(name).toBeFocused();
  await name.fill('Before lunch');
  await app.picture('versions-save');
  await app.page.keyboard.press('Enter');
  await expect(dialog()).toHaveCount(0);
  await expect(app.page.getByText('Saved as “Before lunch”.')).toBeVisible();
});

test('a version is restored on every slice in one step, and undo brings back what was there', async () => {
  const kept = [await labels(0), await labels(1)];
  await strokeAt(0.5, 0.5);
  await work.press('PageDown');
  await expect(work.status).toContainText('slice 2 of');
  await strokeAt(0.6, 0.4);
  const later = [await labels(0), await labels(1)];
  expect(later[0]).not.toEqual(kept[0]);
  expect(later[1]).not.toEqual(kept[1]);

  await work.press('Control+s');
  await expect(dialog().getByLabel('Name')).toHaveValue(/^State 2/);
  const row = dialog().getByRole('listitem').filter({ hasText: 'Before lunch' });
  await expect(row).toContainText('labels on 1 slice');
  await app.picture('versions-list');
  await row.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog()).toHaveCount(0);
  await expect(app.page.getByText(/These are the labels of “Before lunch”/)).toBeVisible();
  expect([await labels(0), await labels(1)]).toEqual(kept);

  await work.press('Control+z');
  expect([await labels(0), await labels(1)]).toEqual(later);
  await work.press('Control+y');
  expect([await labels(0), await labels(1)]).toEqual(kept);
  await work.press('Control+z');
  await expect(work.saved).toHaveText('Saved');
});

test('a stack that moved is found again by its content, and another only when told to', async () => {
  await app.close();
  const moved = join(home.folder, 'data', 'renamed.tif');
  await rename(stack, moved);
  const other = join(home.folder, 'data', 'crops.tif');
  await copyFile(resolve(import.meta.dirname, '..', 'resources', 'replay', 'vnc-crops.tif'), other);
  app = await launchApp({ home });
  work = new Workspace(app.page);
  await app.page
    .getByRole('button', { name: /^tissue / })
    .first()
    .click();
  const card = app.page.getByRole('alert', { name: 'The stack of this project is missing' });
  await expect(card).toBeVisible();
  await expect(app.page.getByRole('alert')).toHaveCount(1);
  await app.picture('stack-missing');
  await app.answerDialogs(other, moved);
  await card.getByRole('button', { name: 'Find it…' }).click();
  await expect(work.error(/crops\.tif is \d+ × \d+ × \d+, but/)).toBeVisible();
  await card.getByRole('button', { name: 'Find it…' }).click();
  await expect(app.page.getByText('renamed.tif is the stack of this project again.')).toBeVisible();
  await work.opened();
  await expect(card).toHaveCount(0);
  await app.picture('stack-found');
});
