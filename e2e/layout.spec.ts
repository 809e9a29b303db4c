import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { layoutFaults } from './layout-faults';
import { dialogs } from './dialogs';
import { Screen, screenSizes } from './screen';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

/** As long as names get in the field. */
const longName = `2026-11-30_larva3_left-optic-lobe_FIB-SEM_8x8x8nm_aligned_crop-1024_contrast-normalised_v2-final`;
/** All sizes, themes and scales as pictures to look at, or a few that show most. */
const allPictures = process.env['MEMBRANA_PICTURES'] === 'all';

test.describe.serial('layout', () => {
  let home: Home;
  let app: RunningApp;
  let work: Workspace;
  let screen: Screen;
  /** Of all screens; told at the end, so that one fault doesn't hide the others. */
  const faults: string[] = [];

  /** Looks for faults of the screen at every size; pictures are kept. */
  const look = async (name: string): Promise<void> => {
    for (const size of screenSizes) {
      const at = `${String(size.width)}x${String(size.height)}`;
      await screen.show(size);
      for (const fault of await layoutFaults(app.page)) faults.push(`${name} ${at} ${fault}`);
      const small = size.width < 1000;
      if (!allPictures && small) await app.picture(`layout-${name}-${at}`);
      if (allPictures)
        for (const theme of ['light', 'dark'] as const)
          for (const scale of [1, 2] as const) {
            await screen.theme(theme);
            await screen.show(size, scale);
            await app.picture(`layout-${name}-${at}-${theme}-${String(scale)}x`);
          }
    }
  };
  const menu = (command: string): Promise<void> =>
    app.electron.evaluate(({ BrowserWindow }, id) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.send('membrana:event', 'menu.command', { command: id });
    }, command);

  test.beforeAll(async () => {
    home = await makeHome();
    await mkdir(home.folder, { recursive: true });
    await cp(storyStack, join(home.folder, `${longName}.tif`));
    await writeFile(join(home.folder, `${longName}-notes.tif`), 'only words');
    app = await launchApp({ home, environment: { MEMBRANA_RETRAIN_STEPS: '12' } });
    work = new Workspace(app.page);
    screen = await Screen.of(app.page);
    await screen.theme('light');
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('Home, with a file that did not open in a place of its own', async () => {
    await expect(work.button('Open the sample')).toBeVisible();
    await look('home');
    await app.answerDialogs(join(home.folder, `${longName}-notes.tif`));
    await app.page.keyboard.press('Control+o');
    const unopened = app.page.getByRole('region', { name: 'Could not be opened' });
    await expect(unopened.getByRole('alert')).toContainText('is not a TIFF');
    await look('home-unopened');
  });

  test('a project with long names, and nothing predicted', async () => {
    await app.answerDialogs(join(home.folder, `${longName}.tif`));
    await app.page.keyboard.press('Control+o');
    await work.opened();
    // What did not open stays at Home.
    await expect(app.page.getByRole('alert')).toBeHidden();
    for (const name of ['mitochondrion with very dark cristae, touching', 'synapse, T-bar']) {
      await work.press('n');
      await app.page.keyboard.type(name);
      await app.page.keyboard.press('Enter');
    }
    await look('bench');
    await work.segment();
    await look('bench-segmented');
    await work.dismissCards();
  });

  test('every tool with its options in one line, and the rest behind a button', async () => {
    const tools = app.page.getByRole('toolbar', { name: 'Tools' }).locator('[aria-pressed]');
    const count = await tools.count();
    for (let i = 0; i < count; i += 1) {
      await tools.nth(i).click();
      await look(`tool-${String(i)}`);
    }
    await work.press('b');
    await app.page.getByRole('button', { name: /more option/ }).click();
    await expect(app.page.getByRole('button', { name: 'By probability' })).toBeVisible();
    await look('more-options');
    const at = await work.at(0.6, 0.6);
    await work.stroke(at, { x: at.x + 40, y: at.y + 8 });
    await expect(app.page.getByRole('button', { name: /more option/ })).toHaveAttribute(
      'aria-expanded',
      'false',
    );
  });

  test('planes at right angles to the slices, alone and all of them', async () => {
    for (const [name, button] of [
      ['plane-xz', 'XZ'],
      ['plane-yz', 'YZ'],
      ['planes', 'All'],
      [null, 'XY'],
    ] as const) {
      await app.page.getByRole('button', { name: button, exact: true }).click();
      if (name !== null) await look(name);
    }
  });

  test('Fit leaves the whole slice free', async () => {
    for (const size of screenSizes) {
      await screen.show(size);
      await work.press('Control+0');
      const covered = await app.page.evaluate(() => {
        const slice = document.querySelector('[role=application]');
        const box = slice?.getBoundingClientRect();
        if (!slice || !box) return ['no slice'];
        const edge = Math.min(box.width, box.height) * 0.48;
        const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        const over = new Set<string>();
        for (let x = -edge; x <= edge; x += 8)
          for (let y = -edge; y <= edge; y += 8) {
            const hit = document.elementFromPoint(middle.x + x, middle.y + y);
            if (hit && !slice.contains(hit)) over.add(hit.outerHTML.slice(0, 80));
          }
        return [...over];
      });
      expect(covered).toEqual([]);
    }
  });

  test('a job, and a training', async () => {
    await work.press('Shift+s');
    await expect(app.page.getByRole('progressbar')).toBeVisible();
    await look('job');
    await app.page.getByRole('button', { name: /^Cancel/ }).click();
    await expect(app.page.getByRole('progressbar')).toBeHidden({ timeout: ENGINE_MS });
    await work.press('Control+t');
    await expect(app.page.getByRole('progressbar')).toBeVisible();
    await look('training');
    await app.page.getByRole('button', { name: /^Cancel/ }).click();
    await expect(app.page.getByRole('progressbar')).toBeHidden({ timeout: ENGINE_MS });
  });

  test('a place of the queue, and one of an audit', async () => {
    const queue = work.panel.getByRole('region', { name: 'Where to look next' });
    await work.press('j');
    await expect(queue).toContainText(/1 of \d+/, { timeout: ENGINE_MS });
    await look('queue');
    const audit = work.panel.getByRole('region', { name: 'Audit' });
    const places = audit.getByRole('textbox', { name: 'Places' });
    await places.fill('5');
    await places.press('Enter');
    await audit.getByRole('button', { name: /^Draw places/ }).click();
    await expect(audit).toContainText(/1 of 5\b/);
    await look('audit');
  });

  test('the menu of the slice, and the tour', async () => {
    await screen.show({ width: 960, height: 600 });
    const at = await work.at(0.5, 0.5);
    await app.page.mouse.click(at.x, at.y, { button: 'right' });
    await expect(app.page.getByRole('menu')).toBeVisible();
    await app.picture('layout-slice-menu');
    await app.page.keyboard.press('Escape');
    await menu('help.tour');
    await expect(app.page.getByRole('region', { name: 'Tour' })).toBeVisible();
    await work.opened();
    await look('tour');
    await work.press('Escape');
    await expect(app.page.getByText(/^Tour left/)).toBeVisible();
    await look('toast');
  });

  for (const [command, name] of dialogs)
    test(`the dialog “${name}”`, async () => {
      await menu(command);
      const dialog = app.page.getByRole('dialog', { name });
      await expect(dialog).toBeVisible();
      await look(`dialog-${name.replaceAll(/\W+/g, '-')}`);
      await app.page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    });

  test('nothing lay over another thing, was cut or outside, and nothing complained', () => {
    expect(faults).toEqual([]);
    expect(app.problems).toEqual([]);
  });
});
