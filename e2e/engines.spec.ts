import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { storyStack } from './story-stack';
import { ENGINE_MS, Workspace } from './workspace';

let home: Home;
let app: RunningApp;

test.beforeAll(async () => {
  home = await makeHome('nothing');
  app = await launchApp({ home });
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('every engine is tested at the first start, and the panel says which one is taken and why', async () => {
  const { page } = app;
  await page.getByRole('button', { name: /^Engine:/ }).click();
  const panel = page.getByRole('dialog', { name: 'Engines' });
  const rows = panel.getByRole('listitem');
  await expect(rows.filter({ hasText: 'ONNX Runtime' }).first()).toBeVisible();
  await expect(rows.filter({ hasText: 'TensorFlow' }).first()).toBeVisible();
  const again = panel.getByRole('button', { name: 'Probe again' });
  await expect(again).toHaveAttribute('aria-disabled', 'false', { timeout: ENGINE_MS });
  // Every row has its verdict, and one that may not be used says why.
  for (const row of await rows.all()) {
    await expect(row.getByRole('status')).toHaveText(/Passes|Refused|Not available|Not set up/);
    const refused = await row.getByText(/^(Refused|Not available|Not set up)$/).count();
    if (refused > 0) await expect(row.locator('.reason').first()).toHaveText(/\w+/);
    await expect(row.getByRole('radio')).toBeEnabled({ enabled: refused === 0 });
  }
  await expect(
    panel.getByText(/^(Segments|Segments and trains) with (ONNX|TensorFlow)/),
  ).toBeVisible();
  await app.picture('engines');
  const kept = await readFile(join(home.userData, 'engines.json'), 'utf8');
  expect(kept).toContain('"passes"');
});

test('an engine is chosen and Automatic taken up again by keyboard alone', async () => {
  const { page } = app;
  const panel = page.getByRole('dialog', { name: 'Engines' });
  const rows = panel.getByRole('listitem');
  const automatic = panel.getByRole('radio', { name: 'Automatic' });
  await automatic.focus();
  await page.keyboard.press('ArrowDown');
  const given = panel.getByRole('radio', { checked: true });
  await expect(given).not.toHaveAccessibleName('Automatic');
  // What it is taken for stands on its row, and only there.
  await expect(rows.getByText('in use')).toHaveCount(1);
  await page.keyboard.press('ArrowUp');
  await expect(automatic).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  expect(app.problems).toEqual([]);
});

test('a second start knows the verdicts without a test', async () => {
  await app.close();
  app = await launchApp({ home });
  const { page } = app;
  await expect(
    page.getByRole('button', { name: /^Engine: (ONNX Runtime|TensorFlow)/ }),
  ).toBeVisible();
  await page.getByRole('button', { name: /^Engine:/ }).click();
  const panel = page.getByRole('dialog', { name: 'Engines' });
  await expect(panel.getByText('Passes').first()).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Probe again' })).toHaveAttribute(
    'aria-disabled',
    'false',
  );
});

test('how slices are segmented is chosen in the settings, with what fast is worth here', async () => {
  const { page } = app;
  await page.keyboard.press('Escape');
  await app.answerDialogs(storyStack);
  await page.keyboard.press('Control+o');
  const work = new Workspace(page);
  await work.opened();
  await work.dismissCards();
  await work.press('Control+k');
  await page.keyboard.type('settings');
  await page.keyboard.press('Enter');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  const quality = settings.getByRole('group', { name: 'Segmentation' });
  await quality.getByRole('button', { name: 'Fast' }).click();
  await expect(settings.getByText(/\d\.\d × faster here|No engine here/)).toBeVisible();
  await app.picture('settings');
  await quality.getByRole('button', { name: 'Careful' }).click();
  await expect(settings.getByText('eight flips and turns')).toBeVisible();
  await page.keyboard.press('Escape');
  const job = page.getByRole('article', { name: /^Segment slice 1 with .+, carefully$/ });
  await work.press('s');
  await expect(job).toBeVisible();
  await expect(work.card('Slice segmented')).toBeVisible({ timeout: ENGINE_MS });
  expect(app.problems).toEqual([]);
});
