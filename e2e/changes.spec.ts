import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { accessibilityFaults } from './axe';
import { layoutFaults } from './layout-faults';
import { Screen } from './screen';
import { ENGINE_MS, Workspace } from './workspace';

/** Ten slices that are small enough to be segmented with two versions while somebody waits. */
const sample = resolve(import.meta.dirname, '..', 'resources', 'replay', 'vnc-crops.tif');
/** Rounds long enough to change cells; how long a good one is, is measured elsewhere. */
const environment = { MEMBRANA_RETRAIN_STEPS: '12' };

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let work: Workspace;

test.beforeAll(async () => {
  home = await makeHome();
  app = await launchApp({ home, files: [sample], environment });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

const section = () => work.panel.getByRole('region', { name: 'Changed cells' });
const entries = () =>
  section().getByRole('group', { name: 'Changed cells, by slice' }).getByRole('button');
const inUse = () => work.models.and(app.page.locator('[aria-current="true"]'));
const shown = () => section().locator('button[aria-current="true"]');

/** Light and dark, on a desk and in the smallest window: pictures, and no faults. */
async function look(name: string): Promise<void> {
  const screen = await Screen.of(app.page);
  for (const theme of ['light', 'dark'] as const)
    for (const size of [
      { width: 1440, height: 900 },
      { width: 960, height: 600 },
    ]) {
      await screen.theme(theme);
      await screen.show(size);
      await shown().scrollIntoViewIfNeeded();
      expect(await accessibilityFaults(app.page)).toEqual([]);
      expect(await layoutFaults(app.page), `${name} ${String(size.width)} ${theme}`).toEqual([]);
      await app.picture(`changes-${name}-${String(size.width)}-${theme}`);
    }
  await screen.show({ width: 1280, height: 800 });
}

test('the card of a retraining says what it changes in cells, and opens the list', async () => {
  await work.segment();
  const at = await work.clearSpot(64);
  await work.stroke(at, { x: at.x + 40, y: at.y + 12 });
  await expect(work.saved).toHaveText('Saved');
  await work.press('Control+t');
  // What the gate makes of so short a round is its own affair.
  const card = work.card(/^general · 2 /);
  await expect(card).toBeVisible({ timeout: ENGINE_MS });
  await expect(card).toContainText(
    /Changes: (\d+ cells? (split|merged)|This version splits and merges nothing)/,
  );
  await app.picture('changes-card');
  await card.getByRole('button', { name: 'Show changed cells' }).click();
  await expect(section()).toContainText('From general to general · 2');
  await expect(section()).toContainText('on 1 slice');
});

test('what one version lacks is segmented, and the list is of the whole stack', async () => {
  await work.dismissCards();
  const used = await inUse().innerText();
  await section().getByRole('button', { name: 'Compare all' }).click();
  await expect(section()).toContainText(/(split|merged) on \d\d? slices\./, { timeout: ENGINE_MS });
  await expect(section().getByRole('button', { name: 'Compare all' })).toBeHidden();
  expect(await entries().count()).toBeGreaterThan(1);
  expect(await inUse().innerText()).toBe(used);
});

test('a click and the keys lead to the places, with both masks compared', async () => {
  await entries().first().click();
  await expect(section()).toContainText(/1 of \d+/);
  await expect(app.page.getByRole('button', { name: 'Done comparing' })).toBeVisible();
  const first = await work.look();
  await work.press('Control+j');
  await expect(section()).toContainText(/2 of \d+/);
  await expect.poll(async () => (await work.look()).mark).not.toBe(first.mark);
  await work.press('Control+Shift+J');
  await expect(section()).toContainText(/1 of \d+/);
  await look('list');
});

test('a change is painted as it was, and undo takes that back', async () => {
  await section()
    .getByRole('button', { name: /^Keep it as it was/ })
    .click();
  await expect(shown()).toContainText('as it was');
  await expect(work.saved).toHaveText('Saved');
  await look('kept');
  await expect(section().getByRole('button', { name: /^Keep it as it was/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await work.press('Control+z');
  await expect(shown()).not.toContainText('as it was');
  await work.press('Shift+K');
  await expect(shown()).toContainText('as it was');

  // Looked at again, it is no change any more: what is painted is the same under both.
  const before = Number(/1 of (\d+)/.exec(await section().innerText())?.[1]);
  await section().getByRole('button', { name: 'Close' }).click();
  await expect(section()).toBeHidden();
  expect(before).toBeGreaterThan(0);
});

test('the timeline says of a version what it changes, too, and the menu of the one in use', async () => {
  await work.press('Shift+P');
  const timeline = app.page.getByRole('dialog', { name: 'Timeline' });
  await timeline
    .getByRole('list', { name: 'Versions, the newest first' })
    .getByRole('button', { name: 'general · 2' })
    .click();
  await timeline.getByRole('button', { name: 'What it changes in cells…' }).click();
  await expect(timeline).toBeHidden();
  await expect(section()).toContainText('From general to general · 2');
  await expect(entries().first()).toBeVisible({ timeout: ENGINE_MS });
  await work.press('Control+j');
  await expect(section()).toContainText(/1 of \d+/);
  await section().getByRole('button', { name: 'Close' }).click();
  await app.electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('changes.open')?.click();
  });
  await expect(section()).toContainText('From general to general · 2');
  expect(app.problems).toEqual([]);
});
