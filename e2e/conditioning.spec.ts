import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { writeDegraded } from './degraded-sample';
import { ENGINE_MS, Workspace } from './workspace';

let home: Home;
let app: RunningApp;
let work: Workspace;

const line = (): Locator =>
  app.page.getByRole('status', { name: 'How the model gets your slices' });
const light = (): Locator => work.panel.getByRole('region', { name: 'At home here?' });

test.describe.serial('a stack of a poor microscope', () => {
  test.beforeAll(async () => {
    home = await makeHome();
    const stack = await writeDegraded(join(home.folder, 'poor.tif'), 5);
    app = await launchApp({ home, files: [stack] });
    work = new Workspace(app.page);
    await work.opened();
    await work.dismissCards();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('is smoothed before its first segmentation, which says so', async () => {
    await expect(light()).toContainText('measured after the first slice');
    await work.segment();
    await expect(line()).toContainText(/noisier.*smoothed by [\d.]+ px/);
    await expect.poll(async () => (await work.look()).tinted).toBeGreaterThan(0.05);
    await app.picture('conditioning-line');
  });

  test('gets a light that is not green, with what to do', async () => {
    await expect(light()).toContainText(/Doubtful|Not at home/, { timeout: ENGINE_MS });
    await expect(light()).toContainText(/Turned slices give the same cells to \d/);
    await expect(light().getByRole('button', { name: 'Fit to this stack' })).toBeEnabled();
    await work.dismissCards();
    await app.picture('conditioning-light');
  });

  test('goes back to slices as they are with one click, and what is in view is segmented again', async () => {
    const before = await work.look();
    await line().getByRole('button', { name: 'Undo' }).click();
    await expect(line()).toContainText('The model gets your slices as they are.');
    await expect
      .poll(async () => (await work.look()).mark, { timeout: ENGINE_MS })
      .not.toBe(before.mark);
    await expect(app.page.getByText('in another way')).toBeHidden({ timeout: ENGINE_MS });
    await expect(light()).toContainText('Not at home', { timeout: ENGINE_MS });
    await app.picture('conditioning-undone');
    await line().getByRole('button', { name: 'Got it' }).click();
    await expect(line()).toBeHidden();
  });

  test('keeps the choice with the project, and the way back to what was measured', async () => {
    await app.close();
    app = await launchApp({ home, files: [join(home.folder, 'poor.tif')] });
    work = new Workspace(app.page);
    await work.opened();
    await expect(light()).toContainText('The model gets your slices as they are.');
    await light()
      .getByRole('button', { name: /^Back to: smoothed/ })
      .click();
    await expect(light()).toContainText(/The model gets your slices smoothed by/);
    await app.picture('conditioning-again');
    expect(app.problems).toEqual([]);
  });
});
