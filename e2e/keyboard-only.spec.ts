import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome } from './app-driver';
import { ENGINE_MS, Workspace } from './workspace';

test('a slice is opened, segmented, corrected, confirmed and exported without a mouse', async () => {
  const home = await makeHome();
  const app = await launchApp({ home });
  const { keyboard } = app.page;
  const work = new Workspace(app.page);
  const label = (text: string): Promise<void> => expect(work.status).toContainText(text);
  /** Presses a key a number of times. */
  const press = async (key: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i += 1) await keyboard.press(key);
  };

  await test.step('Tab goes to the sample, Enter opens it', async () => {
    await app.page.evaluate(() => {
      Reflect.set(window, 'presses', 0);
      window.addEventListener(
        'pointerdown',
        () => Reflect.set(window, 'presses', Number(Reflect.get(window, 'presses')) + 1),
        { capture: true },
      );
    });
    const sample = work.button(/^Open the sample/);
    await expect(sample).toBeVisible();
    for (let i = 0; i < 20; i += 1) {
      if (await sample.evaluate((button) => button === document.activeElement)) break;
      await press('Tab');
    }
    await expect(sample).toBeFocused();
    await press('Enter');
    await work.opened();
  });

  await test.step('S segments, and Esc takes the card away', async () => {
    await press('s');
    const card = work.card('Slice segmented');
    await expect(card).toBeVisible({ timeout: ENGINE_MS });
    await press('Escape');
    await expect(card).toBeHidden();
  });

  await test.step('arrows move the crosshair, D draws from here to there', async () => {
    await press('ArrowRight');
    await press('Shift+ArrowLeft', 6);
    await press('ArrowUp', 3);
    await label('untouched');
    await press('d');
    await press('Shift+ArrowRight', 4);
    await press('d');
    await label('membrane, painted');
    await expect(work.saved).toHaveText('Saved');
    await app.picture('keyboard-painted');
  });

  await test.step('the eraser takes a part away, Ctrl+Z brings it back', async () => {
    await press('e');
    await press('d');
    await press('Shift+ArrowLeft', 2);
    await press('d');
    await label('interior, painted');
    await press('Control+z');
    await label('membrane, painted');
  });

  await test.step('Shift+Enter confirms the slice', async () => {
    await press('Shift+Enter');
    await expect(app.page.getByText('Slice 1 confirmed.')).toBeVisible();
    await label('membrane, painted');
    await press('Shift+ArrowUp', 5);
    await label('confirmed');
    await app.picture('keyboard-confirmed');
  });

  await test.step('Z cuts the stack at the crosshair; arrows and D paint there, too', async () => {
    const plane = app.page.getByRole('application', { name: /^XZ plane/ });
    await press('z');
    await expect(plane).toBeFocused();
    const name = await plane.getAttribute('aria-label');
    await press('b');
    await press('Shift+ArrowRight');
    await press('d');
    await press('ArrowDown', 3);
    await press('d');
    await label('slice 4');
    await label('membrane, painted');
    await press('PageDown');
    await expect(plane).not.toHaveAccessibleName(name ?? '');
    await press('PageUp');
    await press('z', 2);
    await expect(work.picture).toBeFocused();
    await label('slice 4 of');
    await press('Control+z');
    await expect(work.saved).toHaveText('Saved');
  });

  await test.step('Ctrl+E exports the mask', async () => {
    const path = join(home.folder, 'mask.tif');
    await app.answerDialogs(path);
    await press('Control+e');
    const dialog = app.page.getByRole('dialog', { name: 'Export' });
    await expect(dialog).toContainText('255');
    await dialog.getByRole('button', { name: /^This one/ }).press('Enter');
    await dialog.getByRole('button', { name: 'Export…' }).press('Enter');
    await expect(work.card('Exported')).toContainText('mask.tif');
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 2).toString()).toBe('II');
    expect(bytes.length).toBeGreaterThan(10_000);
  });

  expect(await app.page.evaluate(() => Number(Reflect.get(window, 'presses')))).toBe(0);
  expect(app.problems).toEqual([]);
  await app.close();
  await home.remove();
});
