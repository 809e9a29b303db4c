import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { Hand } from './bindings/hand';

const sample = join(resolve(import.meta.dirname, '..'), 'resources', 'sample', 'vnc-sample.tif');

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let hand: Hand;
const start = async (): Promise<void> => {
  app = await launchApp({ home, files: [sample] });
  hand = new Hand(app);
  await hand.work.opened();
  await hand.work.dismissCards();
};
const palette = (): Locator => app.page.getByRole('dialog', { name: 'Commands' });
/** The key that the menu shows beside a command. */
const accelerator = (command: string): Promise<string | undefined> =>
  app.electron.evaluate(
    ({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.accelerator ?? undefined,
    command,
  );

test.beforeAll(async () => {
  home = await makeHome();
  await start();
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('the palette finds a command by its letters, says why it can’t be done, and runs it', async () => {
  const { page } = app;
  await hand.press('Control+k');
  const input = page.getByRole('combobox', { name: 'Type what you want to do' });
  await expect(input).toBeFocused();
  await page.keyboard.type('cws');
  const first = palette().getByRole('option').first();
  await expect(first).toContainText('Confirm whole slice');
  await expect(first).toContainText('Segment this slice first.');
  await expect(first).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Enter');
  await expect(input).toBeVisible();
  await input.fill('eraser');
  const active = await input.getAttribute('aria-activedescendant');
  await expect(palette().getByRole('option', { selected: true })).toHaveAttribute(
    'id',
    active ?? '',
  );
  await page.keyboard.press('ArrowDown');
  await expect(palette().getByRole('option', { selected: true })).not.toHaveAttribute(
    'id',
    active ?? '',
  );
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(input).toBeHidden();
  await hand.tool('Eraser');
  await expect(hand.work.picture).toBeFocused();
});

test('what was run last stands first, and a dialog opens from the palette', async () => {
  const { page } = app;
  await hand.press('Control+k');
  await expect(palette().getByRole('option').first()).toContainText('Eraser');
  await page.keyboard.type('settings');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(hand.work.picture).toBeFocused();
});

test('the overlay is searched by words and by keys', async () => {
  const { page } = app;
  await hand.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const search = dialog.getByRole('searchbox');
  await search.fill('ctrl z');
  await expect(dialog.getByRole('term')).toHaveText(['Undo']);
  await search.fill('slice');
  await expect(dialog.getByRole('term').filter({ hasText: 'Segment slice' })).toBeVisible();
  await search.fill('teleport');
  await expect(dialog.getByText(/No shortcut has this/)).toBeVisible();
  await page.keyboard.press('Escape');
});

test('a key is changed by pressing it; a key that is taken is swapped', async () => {
  const { page } = app;
  await hand.press('?');
  await page.getByRole('button', { name: 'Change shortcuts…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change shortcuts' });
  await dialog.getByRole('button', { name: 'Change the keys of Undo' }).click();
  await page.keyboard.press('Control+u');
  await expect.poll(() => accelerator('edit.undo')).toBe('CmdOrCtrl+U');

  await dialog.getByRole('button', { name: 'Change the keys of Brush', exact: true }).click();
  await page.keyboard.press('e');
  const clash = dialog.getByRole('alert');
  await expect(clash).toContainText('E is the key of “Eraser”.');
  await clash.getByRole('button', { name: 'Cancel' }).click();
  await expect(clash).toBeHidden();
  await dialog.getByRole('button', { name: 'Change the keys of Brush', exact: true }).click();
  await page.keyboard.press('e');
  await clash.getByRole('button', { name: 'Swap: that one gets B' }).click();
  await app.picture('shortcuts-changed');

  await dialog.getByRole('button', { name: 'Change the keys of Pan', exact: true }).click();
  await page.keyboard.press('Control+r');
  await expect(clash).toContainText('belongs to the window');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await hand.press('e');
  await hand.tool('Brush');
  const at = await hand.stroke();
  await hand.press('Control+z');
  await hand.label(at, 'membrane, painted');
  await hand.press('Control+u');
  await hand.label(at, 'untouched');
  await hand.press('b');
  await hand.tool('Eraser');
  await hand.press('e');
  await hand.tool('Brush');
});

test('the keys are there after a restart, and one and all are reset', async () => {
  await app.close();
  const kept = JSON.parse(await readFile(join(home.userData, 'settings.json'), 'utf8')) as unknown;
  expect(kept).toMatchObject({
    keys: { changes: { 'tool.brush': ['E'], 'tool.eraser': ['B'], 'edit.undo': ['Ctrl+U'] } },
  });
  await start();
  const { page } = app;
  await expect.poll(() => accelerator('edit.undo')).toBe('CmdOrCtrl+U');
  await hand.press('b');
  await hand.tool('Eraser');
  await hand.press('?');
  await page.getByRole('button', { name: 'Change shortcuts…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change shortcuts' });
  await dialog.getByRole('button', { name: 'Reset the keys of Undo' }).click();
  await expect.poll(() => accelerator('edit.undo')).toBe('CmdOrCtrl+Z');
  await dialog.getByRole('button', { name: 'Reset all' }).click();
  await page.keyboard.press('Escape');
  await hand.press('b');
  await hand.tool('Brush');
});

test('presets: the hands of napari and ilastik find their keys', async () => {
  const { page } = app;
  await hand.press('Control+Comma');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'napari' }).click();
  await page.keyboard.press('Escape');
  await hand.press('1');
  await hand.tool('Eraser');
  await hand.press('2');
  await hand.tool('Brush');
  await hand.press('Control+Comma');
  await dialog.getByRole('button', { name: 'ilastik' }).click();
  await page.keyboard.press('Escape');
  const size = await hand.size();
  await hand.press('Comma');
  await expect.poll(() => hand.size()).toBeLessThan(size);
  await hand.press('Control+Comma');
  await dialog.getByRole('button', { name: 'Membrana' }).click();
  await dialog.getByRole('button', { name: 'Zooms' }).click();
  await page.keyboard.press('Escape');
});

test('the wheel zooms where it was set to', async () => {
  const zoom = await hand.zoom();
  await hand.work.point(await hand.work.at(0.5, 0.5));
  await app.page.mouse.wheel(0, -240);
  await expect.poll(() => hand.zoom()).toBeGreaterThan(zoom);
  await hand.slice(1);
  expect(app.problems).toEqual([]);
});
