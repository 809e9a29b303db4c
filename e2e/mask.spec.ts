import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { firstPage, type BytePicture } from './exported-mask';
import { OpenStack } from './open-stack';
import { storyStack } from './story-stack';
import { amountOf, apart, tintedSquare } from './tinted-square';
import { ENGINE_MS } from './workspace';

const stack = new OpenStack({ files: [storyStack], segmented: true });
const slider = (name: string): Locator => stack.work.panel.getByRole('slider', { name });

async function exported(name: string): Promise<BytePicture> {
  const { app, home, work } = stack;
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
  test('is exported as it is shown, as the model suggests, with gaps, and bold', async () => {
    const { app, work } = stack;
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
      const tinted = (): Promise<string> => tintedSquare(work, 'any');
      await expect.poll(async () => apart(file, await tinted()), { timeout: ENGINE_MS }).toBe(0);
      amounts.push(amountOf(await tinted()));
      await app.picture(`mask-${name}`);
    }
    expect(new Set(amounts).size).toBe(3);
    expect(Math.min(...amounts)).toBeGreaterThan(1000);
    expect(app.problems).toEqual([]);
  });

  test('keeps its line when it is seen from far, and its numbers can be typed', async () => {
    const { app, work } = stack;
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
