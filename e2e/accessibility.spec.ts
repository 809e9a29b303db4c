import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { accessibilityFaults } from './axe';
import { dialogs } from './dialogs';
import { Screen } from './screen';
import { storyStack } from './story-stack';
import { Workspace } from './workspace';

/** What another tool changes: which one is pressed, and its options. */
const toolParts = ['[role=toolbar]', '[aria-label="Tool options"]', '[role=application]'];

test.describe.serial('axe', () => {
  let home: Home;
  let app: RunningApp;
  let work: Workspace;
  let screen: Screen;
  /** Nothing serious is wrong with the screen as it is, nor with the contrast of it in the dark; pictures are kept. */
  const sound = async (name: string, within?: readonly string[]): Promise<void> => {
    await screen.theme('light');
    await app.picture(`axe-light-${name}`);
    expect(await accessibilityFaults(app.page, 'all', within), name).toEqual([]);
    await screen.theme('dark');
    await app.picture(`axe-dark-${name}`);
    const contrast = await accessibilityFaults(app.page, 'contrast', within);
    expect(contrast, `${name}, dark`).toEqual([]);
  };
  const menu = (command: string): Promise<void> =>
    app.electron.evaluate(({ BrowserWindow }, id) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.send('membrana:event', 'menu.command', { command: id });
    }, command);

  test.beforeAll(async () => {
    home = await makeHome('story-stack');
    app = await launchApp({ home });
    work = new Workspace(app.page);
    screen = await Screen.of(app.page);
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('the welcome screen', async () => {
    await expect(work.button('Open the sample')).toBeVisible();
    await sound('welcome');
  });

  test('an error card on it', async () => {
    await writeFile(join(home.folder, 'words.tif'), 'only words');
    await app.answerDialogs(join(home.folder, 'words.tif'));
    await app.page.keyboard.press('Control+o');
    await expect(work.error(/words\.tif/)).toBeVisible();
    await sound('error');
    await work.dismissCards();
  });

  test('the workspace with nothing predicted, and the tour over it', async () => {
    await work.button('Three-minute tour').click();
    await work.opened();
    await expect(app.page.getByRole('region', { name: 'Tour' })).toBeVisible();
    await sound('tour');
    await work.press('Escape');
    await expect(app.page.getByText(/^Tour left/)).toBeVisible();
    await sound('toast');
    await work.press('Escape');
    await sound('empty');
  });

  test('the workspace with a prediction, a card, a stroke and a region', async () => {
    await app.answerDialogs(storyStack);
    await work.press('Control+o');
    await expect(app.page.getByRole('heading', { level: 1 })).toHaveText('vnc-sample');
    await work.opened();
    await work.segment();
    await sound('segmented-card');
    await work.dismissCards();
    await work.stroke(await work.at(0.4, 0.4), await work.at(0.45, 0.42));
    await work.press('Enter');
    await sound('segmented');
    await work.press('Escape');
    await work.press('b');
  });

  test('every tool and its options', async () => {
    const tools = app.page.getByRole('toolbar', { name: 'Tools' }).locator('[aria-pressed]');
    const count = await tools.count();
    expect(count).toBeGreaterThan(4);
    for (let i = 0; i < count; i += 1) {
      await tools.nth(i).click();
      // The rest of the window stays as it was with the first one.
      await sound(`tool-${String(i)}`, i === 0 ? undefined : toolParts);
    }
    await work.press('b');
  });

  test('planes at right angles to the slices, alone and all of them', async () => {
    await work.press('z');
    await expect(app.page.getByRole('application', { name: /^XZ plane/ })).toBeVisible();
    await sound('plane');
    await app.page.keyboard.press('Shift+z');
    await expect(app.page.getByRole('application')).toHaveCount(3);
    await expect(app.page.getByRole('region', { name: 'Voxel at the crosshair' })).toBeVisible();
    await sound('planes');
    await app.page.getByRole('button', { name: 'XY', exact: true }).click();
  });

  test('a place of the queue, and one of an audit', async () => {
    await work.press('j');
    const queue = work.panel.getByRole('region', { name: 'Where to look next' });
    await expect(queue).toContainText(/1 of \d+/);
    await sound('queue');
    const audit = work.panel.getByRole('region', { name: 'Audit' });
    const places = audit.getByRole('textbox', { name: 'Places' });
    await places.fill('5');
    await places.press('Enter');
    await audit.getByRole('button', { name: /^Draw places/ }).click();
    await expect(audit).toContainText(/1 of 5\b/);
    await sound('audit');
  });

  test('a running job, and the menu of the slice', async () => {
    await work.press('Shift+s');
    await expect(app.page.getByRole('progressbar')).toBeVisible();
    await sound('job');
    await app.page
      .getByRole('button', { name: /^Cancel/ })
      .first()
      .click();
    await expect(app.page.getByRole('progressbar')).toBeHidden();
    const at = await work.at(0.5, 0.5);
    await app.page.mouse.click(at.x, at.y, { button: 'right' });
    await expect(app.page.getByRole('menu')).toBeVisible();
    await sound('menu');
    await app.page.keyboard.press('Escape');
  });

  for (const [command, name] of dialogs)
    test(`the dialog “${name}”`, async () => {
      await menu(command);
      const dialog = app.page.getByRole('dialog', { name });
      await expect(dialog).toBeVisible();
      await sound(`dialog-${name.replaceAll(/\W+/g, '-')}`);
      await app.page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    });

  test('the focus is seen wherever Tab takes it, and gets everywhere', async () => {
    await work.picture.focus();
    const seen = new Set<string>();
    for (let i = 0; i < 80; i += 1) {
      await app.page.keyboard.press('Tab');
      // A frame later even the shortest transition is over.
      await app.page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
      );
      const stop = await app.page.evaluate(() => {
        const at = document.activeElement;
        if (!(at instanceof HTMLElement) || at === document.body) return null;
        const style = getComputedStyle(at);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5;
        return {
          html: at.outerHTML.slice(0, 160),
          shown: outlined || style.boxShadow !== 'none',
        };
      });
      if (stop === null) continue;
      expect(stop.shown, stop.html).toBe(true);
      seen.add(stop.html);
    }
    expect(seen.size).toBeGreaterThan(25);
  });

  test('who asks for less motion gets none', async () => {
    const longest = await app.page.evaluate(() =>
      Math.max(
        ...Array.from(document.querySelectorAll('*'), (element) => {
          const { animationDuration, transitionDuration } = getComputedStyle(element);
          return Math.max(parseFloat(animationDuration), parseFloat(transitionDuration));
        }),
      ),
    );
    expect(longest).toBeLessThan(0.001);
  });

  test('the policy of the page is whole, and nothing complained', async () => {
    const policy = await app.page.evaluate(async () => {
      const answer = await fetch('/');
      return answer.headers.get('content-security-policy') ?? '';
    });
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    expect(app.problems).toEqual([]);
  });
});
