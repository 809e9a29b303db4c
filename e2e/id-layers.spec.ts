import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { accessibilityFaults } from './axe';
import { writeIds } from './id-tiff';
import { layoutFaults } from './layout-faults';
import { storyStack } from './story-stack';
import { Workspace } from './workspace';

const root = resolve(import.meta.dirname, '..');
const size = { width: 512, height: 512, pages: 8 };
const FIRST = 4_000_000_001;

/** Cells as leaning columns, with gaps between them; above 2²⁴ and so close that a float would join them. */
const idAt = (x: number, y: number, z: number): number => {
  const [column, row] = [Math.floor((x + 2 * z) / 61), Math.floor(y / 47)];
  return (x + 2 * z) % 61 < 4 || y % 47 < 4 ? 0 : FIRST + row * 16 + column;
};

let home: Home;
let app: RunningApp;
let work: Workspace;

const section = (): Locator => app.page.getByRole('region', { name: 'Stacks and labels' });
const button = (name: string): Locator => section().getByRole('button', { name, exact: true });
const plane = (name: 'XZ' | 'YZ'): Locator =>
  app.page.getByRole('application', { name: new RegExp(`^${name} plane`) });
const switchTo = (name: 'XY' | 'XZ' | 'YZ' | 'All'): Promise<void> =>
  app.page
    .getByRole('group', { name: 'Planes' })
    .getByRole('button', { name, exact: true })
    .click();

/** Share of the pixels of a view that have a colour. */
function tinted(view: Locator): Promise<number> {
  return view
    .locator('canvas')
    .first()
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      let found = 0;
      for (let i = 0; data && i < data.length; i += 4) {
        const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
        if (Math.max(red, green, blue) - Math.min(red, green, blue) > 24) found += 1;
      }
      return found / (canvas.width * canvas.height);
    });
}

async function launch(): Promise<void> {
  app = await launchApp({ home, files: [storyStack] });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
}

/** What the status bar says of the pixel under the pointer. */
async function pointedAt(): Promise<{ x: number; y: number; cell: string }> {
  const told = /x\s*(\d+)\s*y\s*(\d+)[\s\S]*cell\s*(\d+|–)/.exec(await work.status.innerText());
  return { x: Number(told?.[1]), y: Number(told?.[2]), cell: told?.[3] ?? 'nothing' };
}

test.describe.serial('a layer of cell ids', () => {
  test.beforeAll(async () => {
    home = await makeHome();
    await launch();
    await app.close();
    const ids = join(home.folder, 'neurons.tif');
    const [project = ''] = await readdir(home.projects);
    await writeIds(ids, size, idAt);
    const command = ['project', 'add-ids', join(home.projects, project), ids, '--name', 'Neurons'];
    await promisify(execFile)(process.execPath, [join(root, 'dist', 'main', 'cli.js'), ...command]);
    await launch();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('is listed and drawn, and the status bar says whose cell a pixel is', async () => {
    await expect(button('Show Neurons')).toBeVisible();
    await expect.poll(() => tinted(work.picture)).toBeGreaterThan(0.3);
    for (const [x, y] of [
      [0.4, 0.4],
      [0.55, 0.6],
      [0.5, 0.3],
    ] as const) {
      await work.point(await work.at(x, y));
      await expect
        .poll(async () => {
          const { x: column, y: row, cell } = await pointedAt();
          const id = idAt(column, row, 0);
          return cell === (id === 0 ? '–' : String(id));
        })
        .toBe(true);
    }
    await app.picture('ids-slice');
  });

  test('is not painted, in words, and is drawn as outlines, fainter, or not at all', async () => {
    await button('Show Neurons').click();
    await expect(app.page.getByText('can’t be painted yet').first()).toBeVisible();
    const filled = await tinted(work.picture);
    await app.page.getByRole('button', { name: 'Outline', exact: true }).click();
    await expect.poll(() => tinted(work.picture)).toBeLessThan(filled / 2);
    await app.picture('ids-outline');
    await app.page.getByRole('button', { name: 'Outline', exact: true }).click();
    await work.panel.getByRole('button', { name: 'Show Cell ids' }).click();
    await expect.poll(() => tinted(work.picture)).toBeLessThan(0.01);
    await work.panel.getByRole('button', { name: 'Show Cell ids' }).click();
    await button('Hide Neurons').click();
    await expect.poll(() => tinted(work.picture)).toBeLessThan(0.01);
    await work.press('Control+z');
    await expect.poll(() => tinted(work.picture)).toBeGreaterThan(0.3);
  });

  test('lies over all planes', async () => {
    for (const name of ['XZ', 'YZ'] as const) {
      await switchTo(name);
      await expect.poll(() => tinted(plane(name))).toBeGreaterThan(0.05);
      await app.picture(`ids-${name}`);
    }
    await switchTo('All');
    await expect.poll(() => tinted(plane('XZ'))).toBeGreaterThan(0.02);
    await app.picture('ids-all');
    await switchTo('XY');
  });

  test('is duplicated, removed, and comes back; undo takes the import back as one', async () => {
    await button('Duplicate Neurons').click();
    await expect(button('Show Neurons copy')).toBeVisible();
    await work.press('Control+z');
    await expect(button('Show Neurons copy')).toHaveCount(0);
    await button('Remove Neurons').click();
    await expect.poll(() => tinted(work.picture)).toBeLessThan(0.01);
    await work.press('Control+z');
    await expect.poll(() => tinted(work.picture)).toBeGreaterThan(0.3);
    await expect(work.saved).toHaveText('Saved');
  });

  test('can be used by everybody, in both themes and a small window', async () => {
    await work.dismissCards();
    expect(await accessibilityFaults(app.page)).toEqual([]);
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(1100, 700);
    });
    expect(await layoutFaults(app.page)).toEqual([]);
    await app.picture('ids-small');
    await app.page.emulateMedia({ colorScheme: 'dark' });
    await app.page.waitForTimeout(500);
    await app.picture('ids-dark');
    expect(app.problems).toEqual([]);
  });
});
