import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { firstPage, type BytePicture } from './exported-mask';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

let home: Home;
let app: RunningApp;
let work: Workspace;
const slider = (name: string): Locator => work.panel.getByRole('slider', { name });

/** Edge of the square in the middle of the picture that is looked at: nothing floats over it. */
const SIDE = 400;

/** Which pixels of that square an overlay tints, as 0 and 1 row by row; one device pixel is one image pixel. */
function tinted(): Promise<string> {
  return work.picture
    .locator('canvas')
    .first()
    .evaluate((canvas, side) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
      const { width, height } = canvas;
      const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
      const data = canvas.getContext('2d')?.getImageData(left, top, side, side).data;
      if (!data) throw new Error('the canvas can not be read');
      let marks = '';
      for (let i = 0; i < side * side; i += 1)
        marks += Math.abs((data[4 * i] ?? 0) - (data[4 * i + 2] ?? 0)) > 24 ? '1' : '0';
      return marks;
    }, SIDE);
}

/** Pixels that the screen and the file have differently; the view may stand half a pixel off, so the best of nine places counts. */
async function apart(file: BytePicture): Promise<{ apart: number; membrane: number }> {
  const marks = await tinted();
  const [left, top] = [(file.width - SIDE) / 2, (file.height - SIDE) / 2];
  let best = Infinity;
  for (const dy of [-1, 0, 1])
    for (const dx of [-1, 0, 1]) {
      let wrong = 0;
      for (let i = 0; i < SIDE * SIDE && wrong < best; i += 1) {
        const [x, y] = [left + dx + (i % SIDE), top + dy + Math.floor(i / SIDE)];
        if ((file.bytes[y * file.width + x] === 255) !== (marks[i] === '1')) wrong += 1;
      }
      best = Math.min(best, wrong);
    }
  return { apart: best, membrane: marks.replaceAll('0', '').length };
}

async function exported(name: string): Promise<BytePicture> {
  const path = join(home.folder, name);
  const dialog = app.page.getByRole('dialog', { name: 'Export' });
  await work.press('Control+e');
  await dialog.getByRole('button', { name: 'Leave out' }).click();
  await app.answerDialogs(path);
  await dialog.getByRole('button', { name: 'Export…' }).click();
  await expect(work.card('Exported')).toContainText(name);
  await work.dismissCards();
  return firstPage(path);
}

test.describe.serial('the mask', () => {
  test.beforeAll(async () => {
    home = await makeHome();
    app = await launchApp({ files: [storyStack], home });
    work = new Workspace(app.page);
    await work.opened();
    await work.dismissCards();
    await work.segment();
    await work.dismissCards();
    await work.press('Control+1');
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('is exported as it is shown, as the model suggests, with gaps, and bold', async () => {
    const amounts: number[] = [];
    const settings = [
      { name: 'suggested', set: () => Promise.resolve(), said: 'as the model suggests' },
      {
        name: 'gaps',
        said: 'set by you',
        async set() {
          await slider('Gaps').focus();
          await app.page.keyboard.press('Home');
          await expect(work.panel).toContainText('No thin lines are drawn');
        },
      },
      {
        name: 'closed',
        said: 'set by you',
        async set() {
          await work.panel.getByRole('button', { name: 'Suggested' }).click();
          await slider('Gaps').focus();
          for (let i = 0; i < 8; i += 1) await app.page.keyboard.press('ArrowRight');
          await slider('Line width').focus();
          for (let i = 0; i < 20; i += 1) await app.page.keyboard.press('ArrowLeft');
          await expect(slider('Line width')).toHaveAttribute('aria-valuetext', /finer than/);
          await expect(slider('Gaps')).toHaveAttribute('aria-valuetext', /closes more gaps/);
        },
      },
    ];
    for (const { name, set, said } of settings) {
      await set();
      await expect(work.panel).toContainText(said);
      await app.page.mouse.move(4, 4);
      const file = await exported(`${name}.tif`);
      await expect.poll(async () => (await apart(file)).apart, { timeout: ENGINE_MS }).toBe(0);
      amounts.push((await apart(file)).membrane);
      await app.picture(`mask-${name}`);
    }
    expect(new Set(amounts).size).toBe(3);
    expect(Math.min(...amounts)).toBeGreaterThan(1000);
    expect(app.problems).toEqual([]);
  });

  test('keeps its line when it is seen from far, and its numbers can be typed', async () => {
    await work.press('Control+0');
    await work.panel.getByText('Numbers', { exact: true }).click();
    const number = work.panel.getByRole('textbox', { name: 'Thin line from' });
    await number.fill('0.05');
    await number.press('Enter');
    await expect(slider('Gaps')).toHaveAttribute('aria-valuetext', /^0\.05/);
    await app.picture('mask-far');
    await app.page.emulateMedia({ colorScheme: 'light' });
    await app.picture('mask-far-light');
    await work.panel.getByRole('button', { name: 'Suggested' }).click();
    await expect(work.panel).toContainText('as the model suggests');
    expect(app.problems).toEqual([]);
  });
});
