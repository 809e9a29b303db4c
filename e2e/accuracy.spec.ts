import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { accessibilityFaults } from './axe';
import { layoutFaults } from './layout-faults';
import { Screen } from './screen';
import { ENGINE_MS, Workspace } from './workspace';

const replay = resolve(import.meta.dirname, '..', 'resources', 'replay');

let home: Home;
let app: RunningApp;

test.beforeAll(async () => {
  home = await makeHome();
  await mkdir(home.folder, { recursive: true });
  const stack = join(home.folder, 'crops.tif');
  await copyFile(join(replay, 'vnc-crops.tif'), stack);
  await copyFile(join(replay, 'vnc-membranes.tif'), join(home.folder, 'membranes.tif'));
  app = await launchApp({ home, files: [stack] });
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('a truth beside the stack: measure, go through the errors, be told what is old', async () => {
  const work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
  const accuracy = work.panel.getByRole('region', { name: 'Accuracy' });
  await expect(accuracy).toBeHidden();
  await app.answerDialogs(join(home.folder, 'membranes.tif'));
  const truth = work.panel.getByRole('listitem').filter({ hasText: 'Truth' });
  await truth.getByRole('button', { name: 'Open…' }).click();
  await expect(accuracy).toContainText(/Segment slices first|which value of the truth/);
  await work.panel.getByRole('combobox', { name: 'Membrane value' }).selectOption('255');
  await expect(accuracy).toContainText('Segment slices first');
  await work.segment();
  await work.dismissCards();
  await work.press('PageDown');
  await work.segment();
  await work.dismissCards();

  await accuracy.getByRole('button', { name: /^Measure/ }).click();
  await expect(accuracy).toContainText('2 slices', { timeout: ENGINE_MS });
  await expect(
    accuracy.getByRole('row', { name: /^V_Info 0\.\d{3} 0\.\d{3} 0\.\d{3}/ }),
  ).toBeVisible();
  await expect(accuracy.getByRole('row', { name: /^Dice 0\.\d{3}/ })).toBeVisible();
  await accuracy.getByText('Slice by slice').click();
  await expect(accuracy.getByRole('button', { name: 'Go to slice 2' })).toBeVisible();

  const errors = accuracy.getByRole('list', { name: /^Errors/ });
  const before = await work.look();
  await errors.getByRole('button').first().click();
  await expect(accuracy).toContainText(/1 of \d+/);
  await expect.poll(async () => (await work.look()).mark).not.toBe(before.mark);
  const first = await work.look();
  await work.press('Alt+j');
  await expect(accuracy).toContainText(/2 of \d+/);
  await expect.poll(async () => (await work.look()).mark).not.toBe(first.mark);
  await errors.getByRole('button').nth(1).focus();
  await app.page.keyboard.press('ArrowUp');
  await expect(accuracy).toContainText(/1 of \d+/);
  await expect(errors.getByRole('button').first()).toBeFocused();

  expect(app.problems).toEqual([]);
  const screen = await Screen.of(app.page);
  const faults: string[] = [];
  for (const size of [
    { width: 1440, height: 900 },
    { width: 960, height: 600 },
  ])
    for (const theme of ['light', 'dark'] as const) {
      await screen.theme(theme);
      await screen.show(size);
      await accuracy.evaluate((section) => {
        section.scrollIntoView();
      });
      faults.push(...(await layoutFaults(app.page)), ...(await accessibilityFaults(app.page)));
      await app.picture(`accuracy-${String(size.width)}-${theme}`);
    }
  expect(faults).toEqual([]);

  await screen.show({ width: 1440, height: 900 });
  await work.press('b');
  await work.stroke(await work.at(0.5, 0.4), await work.at(0.5, 0.6));
  await expect(accuracy).toContainText('Out of date: slices with a dot');
  await app.picture('accuracy-old');
  await accuracy.getByRole('button', { name: /^Measure again/ }).click();
  await expect(accuracy).not.toContainText('Out of date', { timeout: ENGINE_MS });
  await work.panel.getByRole('button', { name: 'Close the truth' }).click();
  await expect(accuracy).toBeHidden();
  expect(app.problems).toEqual([]);
});
