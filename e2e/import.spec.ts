import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { writeTiff } from './bad-files';
import { allPages } from './exported-mask';
import { storyStack, writeStoryStack } from './story-stack';
import { Workspace } from './workspace';

/** Cells of 64 × 64 pixels, as an instance segmentation numbers them; the stack is 512 × 512. */
const side = 512;
const cellAt = (x: number, y: number): number => 1 + Math.floor(x / 64) + 8 * Math.floor(y / 64);
const [interior, membrane] = [1, 2];

let home: Home;
let app: RunningApp;
let work: Workspace;
const dialog = (name = 'Import labels'): Locator => app.page.getByRole('dialog', { name });
const file = (name: string): string => join(home.folder, name);

async function fromPalette(words: string): Promise<void> {
  await work.press('Control+k');
  await app.page.getByRole('combobox', { name: 'Type what you want to do' }).fill(words);
  await app.page.keyboard.press('Enter');
}

async function pictures(name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [1100, 700],
  ] as const) {
    await app.page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      await app.picture(`import-${name}-${String(width)}-${colorScheme}`);
    }
  }
  await app.page.setViewportSize({ width: 1440, height: 900 });
}

test.describe.serial('labels of another program', () => {
  test.beforeAll(async () => {
    await writeStoryStack();
    home = await makeHome();
    const size = { width: side, height: side, pages: 1 };
    await writeTiff(file('cells.tif'), { ...size, value: cellAt });
    await writeTiff(file('small.tif'), { width: 500, height: side, value: cellAt });
    await writeTiff(file('half.tif'), { ...size, value: (x) => (x % 2 === 0 ? 0 : 255) });
    app = await launchApp({ files: [storyStack], home });
    work = new Workspace(app.page);
    await work.opened();
    await work.dismissCards();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('that don’t fit are refused in words, and what nobody can tell is asked', async () => {
    await fromPalette('import labels');
    await expect(dialog()).toContainText('Choose a file or a folder first.');
    await pictures('empty');
    await app.answerDialogs(file('small.tif'), file('half.tif'));
    await dialog().getByRole('button', { name: 'Choose… Labels' }).click();
    await expect(dialog().getByRole('alert')).toContainText(
      'small.tif has slices of 500 × 512 pixels, but those of vnc-sample.tif have 512 × 512 pixels.',
    );
    await pictures('refused');
    await dialog().getByRole('button', { name: 'Change… Labels' }).click();
    await expect(dialog()).toContainText('Say what 0 means.');
    await expect(dialog().getByRole('button', { name: 'Import' })).toBeDisabled();
    await dialog().getByRole('combobox', { name: 'What 0 means' }).selectOption('interior');
    await dialog().getByRole('combobox', { name: 'What 255 means' }).selectOption('membrane');
    await expect(dialog().getByRole('button', { name: 'Import' })).toBeEnabled();
    await pictures('mask');
    await app.page.keyboard.press('Escape');
  });

  test('come in as membranes between cells, as one step, and are corrected', async () => {
    await fromPalette('import labels');
    await app.answerDialogs(file('cells.tif'));
    await dialog().getByRole('button', { name: 'Choose… Labels' }).click();
    await expect(dialog()).toContainText('membranes lie where two cells meet');
    await dialog()
      .getByRole('textbox', { name: /Membranes/ })
      .fill('3');
    await dialog().getByRole('textbox', { name: 'First slice' }).fill('1');
    await pictures('cells');
    await dialog().getByRole('button', { name: 'Import' }).click();
    await expect(dialog()).toBeHidden();
    await expect(app.page.getByText('Labels imported on 1 slice: 1.')).toBeVisible();
    await expect(work.saved).toHaveText('Saved');
    await pictures('done');
    await work.press('Control+z');
    await expect(work.saved).toHaveText('Saved');
    await work.press('Control+Shift+z');
    await work.stroke(await work.at(0.45, 0.5), await work.at(0.55, 0.5));
    await expect(work.saved).toHaveText('Saved');
  });

  test('go out again, corrected, in the formats of other programs', async () => {
    await fromPalette('export classes');
    const exports = dialog('Export');
    await exports.getByRole('button', { name: 'This one (1)' }).click();
    await app.answerDialogs(file('classes.tif'), file('classes.ome.zarr'), file('classes-png'));
    await exports.getByRole('button', { name: 'Export…' }).click();
    await expect(work.card('Exported')).toContainText('classes.tif in');
    const [page] = await allPages(file('classes.tif'));
    let other = 0;
    page?.bytes.forEach((label, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      const near = [-1, 0, 1].some((d) => (x + d) % 64 === 63 || (y + d) % 64 === 63);
      const wall = near && x < 510 && y < 510;
      if (label !== (wall ? membrane : interior)) other += 1;
    });
    // The stroke and where the borders of the picture cut a wall.
    expect(other).toBeGreaterThan(20);
    expect(other).toBeLessThan(20_000);
    await work.dismissCards();

    await fromPalette('export classes');
    await exports.getByRole('button', { name: 'OME-Zarr 0.5' }).click();
    await exports.getByRole('button', { name: 'This one (1)' }).click();
    await pictures('export-zarr');
    await exports.getByRole('button', { name: 'Export…' }).click();
    await expect(work.card('Exported')).toContainText('classes.ome.zarr in');
    await pictures('export-card');
    const labels: unknown = JSON.parse(
      await readFile(join(file('classes.ome.zarr'), 'labels', 'classes', 'zarr.json'), 'utf8'),
    );
    expect(labels).toMatchObject({
      attributes: { ome: { 'image-label': { colors: [{}, {}, {}] } } },
    });
    await work.dismissCards();

    await fromPalette('export classes');
    await exports.getByRole('button', { name: 'PNG' }).click();
    await exports.getByRole('button', { name: 'Export…' }).click();
    await expect(work.card('Exported')).toContainText('classes-png in');
    expect(await readdir(file('classes-png'))).toContain('classes-z0000.png');
    expect(app.problems).toEqual([]);
  });
});
