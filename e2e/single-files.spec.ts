import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { Workspace } from './workspace';

const stacks = resolve(import.meta.dirname, '..', 'main', 'stacks');

let home: Home;
let app: RunningApp;
let work: Workspace;
test.beforeEach(async () => {
  home = await makeHome();
});
test.afterEach(async () => {
  await app.close();
  await home.remove();
});

test('MRC, NRRD and HDF5 open with their voxel sizes; of several datasets one is chosen', async () => {
  const several = join(home.folder, 'several.h5');
  await cp(join(stacks, 'hdf5', 'fixtures', 'several.h5'), several);
  app = await launchApp({ home, files: [join(stacks, 'mrc', 'fixtures', 'extended.mrc')] });
  work = new Workspace(app.page);
  await work.opened();
  await expect(app.page.getByRole('heading', { level: 1, name: 'extended' })).toBeVisible();
  await expect(app.page.getByText('4 × 4 × 50 nm').first()).toBeVisible();
  await app.picture('mrc');
  for (const [format, name] of [
    ['nrrd', 'gzip.nrrd'],
    ['hdf5', 'element-size.h5'],
  ] as const) {
    await work.dismissCards();
    await app.answerDialogs(join(stacks, format, 'fixtures', name));
    await work.press('Control+o');
    const title = name.replace(/\.\w+$/, '');
    await expect(app.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(app.page.getByText('4 × 4 × 50 nm').first()).toBeVisible();
    await expect(work.picture).toHaveAccessibleName('Slice 1 of 3');
  }
  await work.dismissCards();
  await app.answerDialogs(several);
  await work.press('Control+o');
  const which = app.page.getByRole('dialog', { name: 'Which stack?' });
  await expect(which).toContainText('several.h5 holds 2 stacks');
  await expect(which.getByRole('button', { name: '/volumes/labels/neurons' })).toBeFocused();
  await app.picture('several-datasets');
  // Nobody has to choose: what was open stays.
  await work.press('Escape');
  await expect(which).toBeHidden();
  await expect(work.picture).toHaveAccessibleName('Slice 1 of 3');
  await app.answerDialogs(several);
  await work.press('Control+o');
  await which.getByRole('button', { name: '/volumes/raw' }).click();
  await expect(app.page.getByRole('heading', { level: 1, name: 'raw' })).toBeVisible();
  await expect(work.picture).toHaveAccessibleName('Slice 1 of 2');
  expect(app.problems).toEqual([]);
  await app.close();

  app = await launchApp({ home, files: [`${several}::/volumes/raw`] });
  work = new Workspace(app.page);
  await work.opened();
  await expect(work.picture).toHaveAccessibleName('Slice 1 of 2');
  await app.picture('one-dataset');
  expect(app.problems).toEqual([]);
});
