import { spawn } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { electronExecutable, launchApp, makeHome, type Home, type RunningApp } from './app-driver';

const root = resolve(import.meta.dirname, '..');
const sample = join(root, 'resources', 'sample', 'vnc-sample.tif');

let home: Home;
let app: RunningApp;
let stack: string;
test.beforeAll(async () => {
  home = await makeHome();
  await mkdir(join(home.folder, 'my data'), { recursive: true });
  stack = join(home.folder, 'my data', 'größe 1.tif');
  await copyFile(sample, stack);
  app = await launchApp({ home });
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

const shown = (text: string) => expect(app.page.getByText(text).first()).toBeVisible();
/** Open, not only named while it opens: its title stands above its picture. */
const opened = async (name: string): Promise<void> => {
  await expect(app.page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
  await expect(app.page.getByRole('application')).toBeVisible();
};

test('a file dropped on the window opens, and the page never learns its path', async () => {
  const { page } = app;
  // Nobody can drop on a window that is not drawn yet; a test driver can.
  await shown('Drop a stack here');
  const door = await page.context().newCDPSession(page);
  const data = { items: [], files: [stack], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await door.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
  await opened('größe 1');
  expect(await page.content()).not.toContain(home.folder);
});

test('a file that is not a stack is refused by name, and what is open stays', async () => {
  const { page } = app;
  const bad = join(home.folder, 'notes.tif');
  await writeFile(bad, 'no pixels in here, only words');
  const door = await page.context().newCDPSession(page);
  const data = { items: [], files: [bad], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await door.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
  await shown('notes.tif');
  await opened('größe 1');
});

test('a second start hands its file to the window that is open', async () => {
  const other = join(home.folder, 'second.tif');
  await copyFile(join(root, 'resources', 'replay', 'vnc-crops.tif'), other);
  const second = spawn(await electronExecutable(), ['--no-sandbox', root, 'second.tif'], {
    cwd: home.folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      MEMBRANA_USER_DATA: home.userData,
      MEMBRANA_PROJECTS: home.projects,
    },
  });
  const ended = new Promise((done) => second.on('exit', done));
  await opened('second');
  expect(await ended).toBe(0);
  expect(app.electron.windows()).toHaveLength(1);
});

test('the File menu opens what was open before, from the list of recent projects', async () => {
  const labels = await app.electron.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items[0];
    const recent = file?.submenu?.items.find((item) => item.label.includes('Recent'));
    const items = recent?.submenu?.items ?? [];
    items[1]?.click();
    return items.map(({ label }) => label);
  });
  expect(labels.slice(0, 2)).toEqual(['second', 'größe 1']);
  await opened('größe 1');
  await expect(app.page.getByText('second', { exact: true })).toHaveCount(0);
});

test('nothing complained', () => {
  expect(app.problems).toEqual([]);
});
