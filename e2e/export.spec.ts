import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

let home: Home;
let app: RunningApp;
let work: Workspace;
const dialog = (): Locator => app.page.getByRole('dialog', { name: 'Export' });
const file = (name: string): string => join(home.folder, name);

/** How many slices an exported TIFF says that it has. */
async function pages(name: string): Promise<number> {
  const text = (await readFile(file(name))).toString('latin1');
  return Number(/\nslices=(\d+)/.exec(text)?.[1] ?? 1);
}

async function pictures(name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [960, 600],
  ] as const) {
    await app.page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      await app.picture(`export-${name}-${String(width)}-${colorScheme}`);
    }
  }
  await app.page.setViewportSize({ width: 1440, height: 900 });
}

test.describe.serial('a stack that is segmented in part', () => {
  test.beforeAll(async () => {
    home = await makeHome('story-stack');
    app = await launchApp({ files: [storyStack], home });
    work = new Workspace(app.page);
    await work.opened();
    await work.dismissCards();
    await work.segment();
    await work.dismissCards();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('is not exported with zeros: the dialog asks, and leaves out what is not there', async () => {
    await work.press('Control+e');
    await expect(dialog()).toContainText('7 of 8 slices aren’t segmented by the model in use');
    await expect(dialog()).toContainText('2–8');
    await pictures('gaps');
    await dialog().getByRole('button', { name: 'Leave out' }).click();
    await expect(dialog()).toContainText('1 page will be written.');
    await app.answerDialogs(file('one.tif'));
    await app.page.keyboard.press('Enter');
    const card = work.card('Exported');
    await expect(card).toContainText('one.tif in');
    await expect(card).toContainText('The page is slice 1.');
    await expect(card).toContainText('Left out, since not segmented: 2–8');
    await pictures('card');
    expect(await pages('one.tif')).toBe(1);
    const shown = await app.electron.evaluate(({ shell }) => {
      const paths: string[] = [];
      shell.showItemInFolder = (path) => void paths.push(path);
      Reflect.set(globalThis, 'shownPaths', paths);
      return paths.length;
    });
    expect(shown).toBe(0);
    await card.getByRole('button', { name: 'Show in folder' }).click();
    await expect
      .poll(() => app.electron.evaluate(() => Reflect.get(globalThis, 'shownPaths') as string[]))
      .toEqual([file('one.tif')]);
    await work.dismissCards();
  });

  test('is finished first where that is asked for', async () => {
    await work.press('Control+e');
    await dialog().getByRole('button', { name: 'Some…' }).click();
    await dialog().getByRole('textbox').fill('0-2');
    await expect(dialog()).toContainText('It has slices 1-8.');
    await dialog().getByRole('textbox').fill('1-2');
    await expect(dialog()).toContainText('1 slice will be segmented, then 2 pages written.');
    await app.answerDialogs(file('two.tif'));
    await dialog().getByRole('button', { name: 'Export…' }).click();
    await expect(dialog()).toBeHidden();
    await expect(work.card('Exported')).toContainText('two.tif', { timeout: ENGINE_MS });
    expect(await pages('two.tif')).toBe(2);
    await work.dismissCards();
  });

  test('gives its classes from the palette, with the names of their values', async () => {
    await work.stroke(await work.at(0.4, 0.5), await work.at(0.5, 0.5));
    await expect(work.saved).toHaveText('Saved');
    await work.press('Control+k');
    await app.page
      .getByRole('combobox', { name: 'Type what you want to do' })
      .fill('export classes');
    await app.page.keyboard.press('Enter');
    await expect(dialog()).toContainText('nobody has looked');
    await expect(dialog()).toContainText('8 pages will be written.');
    await pictures('classes');
    await app.answerDialogs(file('classes.tif'));
    await app.page.keyboard.press('Enter');
    await expect(work.card('Exported')).toContainText('8 pages');
    expect((await readFile(file('classes.tif'))).toString('latin1')).toContain(
      'membrana_values=0: nobody has looked; 1: interior; 2: membrane; 127: void',
    );
    expect(app.problems).toEqual([]);
  });
});
