import { join, resolve } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { keptView } from './kept-view';
import { ENGINE_MS, Workspace, type Point } from './workspace';
import { storyProject, storyStack } from './story-stack';

const root = resolve(import.meta.dirname, '..');
/** Of another shape than the stack. */
const otherShape = join(root, 'main', 'stacks', 'tiff', 'fixtures', 'tiles-plain-u8.tif');

test.describe.serial('the bench', () => {
  let home: Home;
  let app: RunningApp;
  let work: Workspace;
  let layers: Locator;
  let classes: Locator;

  async function start(): Promise<void> {
    app = await launchApp({ home, files: [storyStack] });
    work = new Workspace(app.page);
    layers = app.page.getByRole('region', { name: 'Layers' });
    classes = app.page.getByRole('region', { name: 'Classes' });
    await work.opened();
    await work.dismissCards();
  }
  const toast = (text: string | RegExp): Locator => app.page.getByText(text);
  const classNames = (): Promise<string[]> => classes.locator('li .name').allTextContents();
  /** A place of the picture that the floating options don't cover. */
  const spot = (): Promise<Point> => work.at(0.5, 0.55);
  const rowOf = (name: string): Locator =>
    layers.locator('li').filter({ has: app.page.getByText(name, { exact: true }) });

  test.beforeAll(async () => {
    home = await makeHome('story-stack');
    await start();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('panels without data say what fills them', async () => {
    await expect(app.page.getByText('Segment to see predictions here')).toBeVisible();
    await rowOf('Prediction').getByRole('button', { name: 'Show Prediction' }).click();
    await expect(rowOf('Prediction')).toContainText('Segment to see it');
    await work.press('p');
    await expect(rowOf('Truth')).toContainText('Open…');
    await work.segment();
    await work.dismissCards();
  });

  test('a class is added, named, painted, counted, and not removed while it is in use', async () => {
    await work.press('n');
    await app.page.keyboard.type('mitochondrion');
    await app.page.keyboard.press('Enter');
    expect(await classNames()).toEqual(['interior', 'membrane', 'mitochondrion', 'void']);
    const at = await spot();
    await work.stroke(at, { x: at.x + 60, y: at.y + 10 });
    await work.point(at);
    await expect(work.status).toContainText('mitochondrion, painted');
    await expect(classes.locator('li').nth(2)).toContainText(/\d,?\d{3}/);
    await classes.getByRole('button', { name: 'Remove mitochondrion' }).click();
    await expect(toast(/mitochondrion is on .* pixels of 1 slice/)).toBeVisible();
    expect(await classNames()).toHaveLength(4);
  });

  test('its colour reaches the picture, as one step of the history', async () => {
    const at = await spot();
    const before = await work.colour(at);
    await classes.getByRole('button', { name: 'Colour of mitochondrion' }).click();
    await classes.getByRole('button', { name: 'Blue', exact: true }).click();
    await expect.poll(() => work.colour(at)).not.toEqual(before);
    await work.press('Control+z');
    await expect.poll(() => work.colour(at)).toEqual(before);
    await work.press('Control+y');
    await expect.poll(() => work.colour(at)).not.toEqual(before);
  });

  test('a locked class stays whatever is painted over it', async () => {
    const at = await spot();
    await work.press('k');
    await expect(toast('mitochondrion is locked')).toBeVisible();
    await work.press('2');
    await work.stroke({ x: at.x, y: at.y - 40 }, { x: at.x, y: at.y + 40 });
    await work.point(at);
    await expect(work.status).toContainText('mitochondrion, painted');
    await work.point({ x: at.x, y: at.y - 40 });
    await expect(work.status).toContainText('membrane, painted');
  });

  test('< and > go through the classes, a digit is moved, 0 paints void', async () => {
    const chosen = (): Promise<string> => classes.locator('li.chosen .name').innerText();
    await work.press('Shift+Period');
    expect(await chosen()).toBe('mitochondrion');
    await work.press('Shift+Comma');
    expect(await chosen()).toBe('membrane');
    await work.press('0');
    expect(await chosen()).toBe('void');
    await classes.getByRole('combobox', { name: 'Digit of mitochondrion' }).selectOption('1');
    await work.press('1');
    expect(await chosen()).toBe('mitochondrion');
    await expect(classes.getByRole('combobox', { name: 'Digit of interior' })).toHaveValue('');
    await work.press('2');
  });

  test('a row’s eye, solo, wheel and padlock', async () => {
    const full = await work.look();
    await rowOf('Uncertainty')
      .getByRole('button', { name: 'Show Uncertainty' })
      .click({ modifiers: ['Alt'] });
    await expect(rowOf('Mask').getByRole('button', { name: 'Show Mask' })).toHaveAttribute(
      'aria-pressed',
      'false',
    );
    await expect.poll(async () => (await work.look()).mark).not.toBe(full.mark);
    await work.press('u');
    await work.press('m');
    const value = rowOf('Mask').locator('.value');
    const before = Number(await value.innerText());
    await rowOf('Mask').hover();
    await app.page.keyboard.down('Alt');
    await app.page.mouse.wheel(0, 100);
    await app.page.keyboard.up('Alt');
    await expect.poll(async () => Number(await value.innerText())).toBeLessThan(before);
    await rowOf('Mask').getByRole('button', { name: 'Lock Mask', exact: true }).click();
    const at = await work.at(0.3, 0.7);
    await work.stroke(at, { x: at.x + 20, y: at.y });
    await expect(toast('The mask is locked')).toBeVisible();
    await rowOf('Mask').getByRole('button', { name: 'Unlock Mask' }).click();
    await app.picture('panels-layers');
  });

  test('O draws the mask as its outline: less of the picture is tinted', async () => {
    const filled = await work.look();
    await work.press('o');
    await expect.poll(async () => (await work.look()).tinted).toBeLessThan(filled.tinted * 0.6);
    await app.picture('panels-outline');
    await work.press('o');
    await expect.poll(async () => (await work.look()).mark).toBe(filled.mark);
  });

  test('contrast by hand: ends, gamma, inverted; C and Reset go back', async () => {
    const start = await work.look();
    await layers.getByRole('textbox', { name: 'Black' }).fill('60');
    await app.page.keyboard.press('Enter');
    await expect.poll(async () => (await work.look()).mark).not.toBe(start.mark);
    // Enter belonged to the field, and took no tool in hand.
    await expect(app.page.getByRole('button', { name: 'Brush', exact: true })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await layers.getByRole('textbox', { name: 'Gamma' }).fill('2');
    await app.page.keyboard.press('Enter');
    await layers.getByRole('button', { name: 'Invert' }).click();
    await app.picture('panels-contrast');
    await work.press('c');
    await expect(layers.getByRole('textbox', { name: 'Black' })).not.toHaveValue('60');
    await layers.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(async () => (await work.look()).mark).toBe(start.mark);
  });

  test('a label stack of another shape is refused; one that fits lies over the slice', async () => {
    await app.answerDialogs(otherShape);
    await rowOf('Truth').getByRole('button', { name: 'Open…' }).click();
    await expect(work.error(/tiles-plain-u8\.tif is/)).toBeVisible();
    await work.dismissCards();
    const exported = join(home.folder, 'mask.tif');
    await app.answerDialogs(exported, exported);
    await work.press('Control+e');
    // The slices that nobody segmented are, first.
    const dialog = app.page.getByRole('dialog');
    await expect(dialog).toContainText('8 written');
    await dialog.getByRole('button', { name: 'Export…' }).click();
    await expect(work.card('Exported')).toBeVisible({ timeout: ENGINE_MS });
    await work.dismissCards();
    const before = await work.look();
    await rowOf('Truth').getByRole('button', { name: 'Open…' }).click();
    await expect(rowOf('Truth')).toContainText('mask.tif');
    await layers.getByRole('combobox', { name: 'Membrane value' }).selectOption('255');
    await expect.poll(async () => (await work.look()).mark).not.toBe(before.mark);
    // What was exported differs from the mask in nothing, until something is painted.
    await layers.getByRole('checkbox', { name: 'Differences' }).check();
    await expect.poll(async () => (await work.look()).mark).toBe(before.mark);
    const clear = await work.clearSpot(40);
    await work.stroke(clear, { x: clear.x + 8, y: clear.y });
    await expect.poll(async () => work.colour(clear)).not.toEqual(await work.colour(await spot()));
    await app.picture('panels-truth');
    await rowOf('Truth').getByRole('button', { name: 'Close the truth' }).click();
    await work.press('Control+z');
    await expect.poll(async () => (await work.look()).mark).toBe(before.mark);
  });

  test('the map comes when something is out of sight, moves the view, and can be hidden', async () => {
    const map = app.page.getByRole('group', { name: /^Map of the slice/ });
    await expect(map).toBeHidden();
    await work.press('Control+1');
    for (let step = 0; step < 3; step += 1) await work.press('Control+Equal');
    await expect(map).toBeVisible();
    const before = await work.look();
    const box = await map.boundingBox();
    if (box === null) throw new Error('no map');
    await work.stroke(
      { x: box.x + box.width / 2, y: box.y + box.height / 2 },
      { x: box.x + 20, y: box.y + 30 },
    );
    await expect.poll(async () => (await work.look()).mark).not.toBe(before.mark);
    await expect(work.status).toContainText('saved');
    await app.picture('panels-map');
    await map.focus();
    const dragged = await work.look();
    await app.page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await work.look()).mark).not.toBe(dragged.mark);
    await work.press('Shift+M');
    await expect(map).toBeHidden();
    await work.press('Control+0');
  });

  test('the scale bar, the scrubber and the status bar tell what is there', async () => {
    await expect(app.page.getByRole('img', { name: /^Scale bar: \d+ nm$/ })).toBeVisible();
    await expect(app.page.getByText(/reviewed under 0\.1 slice · 8 to go/)).toBeVisible();
    await work.point(await spot());
    await expect(work.status).toContainText(
      /slice 1 of 8.*x \d+ y \d+.*µm.*raw \d+.*p 0\.\d\d.*saved/,
    );
    await app.page.keyboard.down('Alt');
    await expect(work.status).toContainText('pick label');
    await app.page.keyboard.up('Alt');
  });

  test('classes, layers and contrast are as they were after a restart, undo included', async () => {
    await work.press('u');
    await layers.getByRole('textbox', { name: 'Gamma' }).fill('1.5');
    await app.page.keyboard.press('Enter');
    await expect(work.saved).toHaveText('Saved');
    const kept = async () => {
      const { gamma, layers } = await keptView(home, storyProject);
      return { gamma, uncertainty: layers.uncertainty.visible };
    };
    await expect.poll(kept).toEqual({ gamma: 1.5, uncertainty: true });
    const before = await work.look();
    await app.close();
    await start();
    expect(await classNames()).toEqual(['interior', 'membrane', 'mitochondrion', 'void']);
    await expect(layers.getByRole('textbox', { name: 'Gamma' })).toHaveValue('1.5');
    await expect(
      rowOf('Uncertainty').getByRole('button', { name: 'Show Uncertainty' }),
    ).toHaveAttribute('aria-pressed', 'true');
    await expect.poll(async () => (await work.look()).mark).toBe(before.mark);
    for (let i = 0; i < 12 && (await classNames()).length === 4; i += 1)
      await work.press('Control+z');
    expect(await classNames()).toEqual(['interior', 'membrane', 'void']);
    expect(app.problems).toEqual([]);
  });
});
