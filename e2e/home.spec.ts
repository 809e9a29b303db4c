import { join, resolve } from 'node:path';
import { expect, test, type CDPSession, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { keptView } from './kept-view';
import { layoutFaults } from './layout-faults';
import { Workspace } from './workspace';

const root = resolve(import.meta.dirname, '..');
const sample = join(root, 'resources', 'sample', 'vnc-sample.tif');
const labels = join(root, 'resources', 'replay', 'vnc-membranes.tif');
const otherStack = join(root, 'main', 'stacks', 'tiff', 'fixtures', 'tiles-plain-u8.tif');
const words = join(root, 'package.json');

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let work: Workspace;
let session: CDPSession;

async function start(files: readonly string[] = []): Promise<void> {
  app = await launchApp({ home, files });
  work = new Workspace(app.page);
  session = await app.page.context().newCDPSession(app.page);
}

/** Drags files from outside to a point, and lets go there where asked. */
async function drag(
  files: readonly string[],
  at: { readonly x: number; readonly y: number },
  letGo: boolean,
): Promise<void> {
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'dragOver'] as const)
    await session.send('Input.dispatchDragEvent', { ...at, type, data });
  if (letGo) await session.send('Input.dispatchDragEvent', { ...at, type: 'drop', data });
}
const leave = (): Promise<unknown> =>
  session.send('Input.dispatchDragEvent', {
    x: 0,
    y: 0,
    type: 'dragCancel',
    data: { items: [], files: [], dragOperationsMask: 1 },
  });
const zone = (title: string): Locator =>
  app.page.getByRole('group', { name: 'Drop here' }).locator('section').filter({ hasText: title });
async function middleOf(place: Locator): Promise<{ x: number; y: number }> {
  const box = await place.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
}

test.beforeAll(async () => {
  home = await makeHome();
  await start([sample]);
  await work.opened();
  await work.dismissCards();
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('a drag over an open project shows what a drop does, and where', async () => {
  const middle = await work.at(0.5, 0.5);
  await drag([labels], middle, false);
  for (const title of ['Open it', 'Compare with it', 'Train from it'])
    await expect(zone(title)).toBeVisible();
  await drag([labels], await middleOf(zone('Compare with it')), false);
  await expect(zone('Compare with it')).toHaveClass(/over/);
  await app.picture('drop-zones');
  await leave();
  await expect(zone('Open it')).toBeHidden();
});

test('dropped as labels it stands in the training; what fits nowhere is refused in words', async () => {
  const middle = await work.at(0.5, 0.5);
  await drag([labels], middle, false);
  await drag([labels], await middleOf(zone('Train from it')), true);
  const dialog = app.page.getByRole('dialog', { name: 'Train from labels' });
  await expect(dialog).toContainText('vnc-membranes.tif');
  await app.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await drag([labels], middle, false);
  await drag([labels], await middleOf(zone('Compare with it')), true);
  // Another size than the stack's: refused by name, and the project stays.
  await expect(work.error(/vnc-membranes\.tif/)).toBeVisible();
  await work.dismissCards();
  await expect(work.picture).toBeVisible();

  await drag([words], middle, false);
  await expect(app.page.getByText(/^Only stacks \(TIFF, HDF5/)).toBeVisible();
  await app.picture('drop-refused');
  await leave();
});

test('the palette finds gamma, and leads to it', async () => {
  await work.press('Control+k');
  await app.page.keyboard.type('gamma');
  const first = app.page.getByRole('dialog').getByRole('option').first();
  await expect(first).toContainText('Contrast: black, white, gamma');
  await app.picture('palette-gamma');
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('textbox', { name: 'Gamma' })).toBeFocused();
  await app.page.keyboard.press('Escape');
});

test('tool, class, size and slice are as they were after the app was killed', async () => {
  await work.press('1');
  for (let i = 0; i < 3; i += 1) await work.press('BracketRight');
  const size = await app.page.getByRole('slider', { name: 'Size' }).getAttribute('aria-valuetext');
  const at = await work.at(0.5, 0.5);
  await work.stroke(at, { x: at.x + 30, y: at.y + 4 });
  await expect(work.status).toContainText('interior, painted');
  await work.press('PageDown');
  await work.press('PageDown');
  await work.press('w');
  await expect(work.saved).toHaveText('Saved');
  const kept = async () => {
    const { z, hand } = await keptView(home, 'vnc-sample.emproj');
    return { z, tool: hand?.tool };
  };
  await expect.poll(kept).toEqual({ z: 2, tool: 'wand' });
  const process = app.electron.process();
  const gone = new Promise((done) => process.once('exit', done));
  process.kill('SIGKILL');
  await gone;

  await start();
  const recent = app.page.getByRole('region', { name: 'Recent' }).getByRole('button').nth(1);
  await expect(recent).toContainText(/vnc-sample.*(just now|min ago)/);
  await recent.click();
  await work.opened();
  await expect(work.picture).toHaveAccessibleName('Slice 3 of 8');
  await expect(app.page.getByRole('button', { name: 'Wand' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(app.page.getByRole('radio', { name: 'interior' })).toBeChecked();
  await work.press('b');
  await expect(app.page.getByRole('slider', { name: 'Size' })).toHaveAttribute(
    'aria-valuetext',
    size ?? '',
  );
});

test('Home says when a project was open and how far it is, and drops open there too', async () => {
  await work.dismissCards();
  await app.electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('file.close')?.click();
  });
  const recent = app.page.getByRole('region', { name: 'Recent' });
  await expect(recent).toContainText('0 segmented · 1 corrected of 8 slices');
  expect(await layoutFaults(app.page)).toEqual([]);
  await app.picture('home-recent');
  await drag([otherStack], { x: 400, y: 300 }, true);
  await work.opened();
  await expect(app.page.getByRole('heading', { level: 1 })).toHaveText('tiles-plain-u8');
  expect(app.problems).toEqual([]);
});
