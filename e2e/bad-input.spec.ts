import { cp, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { makeNewer, writeTiff } from './bad-files';
import { computeOf } from './kill-processes';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

const resources = resolve(import.meta.dirname, '..', 'resources');
const sample = join(resources, 'sample', 'vnc-sample.tif');

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let work: Workspace;
const file = (name: string): string => join(home.folder, name);

test.beforeAll(async () => {
  home = await makeHome('story-stack');
  await mkdir(home.projects, { recursive: true });
  app = await launchApp({ home, files: [storyStack] });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

/** An error that names the thing and the next step; what was painted is still there, and painting goes on. */
async function refused(names: RegExp, next: RegExp): Promise<void> {
  const card = work.error(names);
  await expect(card).toBeVisible();
  await expect(card).toContainText(next);
  await expect(card).toContainText('What is safe');
  await app.picture(`refused-${names.source.replace(/\W+/g, '-').slice(0, 30)}`);
  await work.dismissCards();
}

async function paint(x: number, y: number): Promise<void> {
  const from = await work.at(x, y);
  await work.stroke(from, { x: from.x + 40, y: from.y + 10 });
  await expect(work.saved).toHaveText('Saved');
  await work.point(from);
  await expect(work.status).toContainText('membrane, painted');
}

async function open(path: string): Promise<void> {
  await app.answerDialogs(path);
  await work.press('Control+o');
}

test('files that are no stack are refused by name, and the painted stack stays', async () => {
  await paint(0.3, 0.4);
  const words = file('words.tif');
  await writeFile(words, 'no pixels in here, only words');
  await open(words);
  await refused(/words\.tif is not a TIFF/, /Choose a TIFF, HDF5, MRC or NRRD file/);

  const half = file('half.tif');
  await cp(sample, half);
  await truncate(half, 5_000);
  await open(half);
  await refused(/half\.tif/, /Copy or export the file again/);

  await open(await writeTiff(file('exotic.tif'), { width: 64, height: 64, compression: 34712 }));
  await refused(/exotic\.tif: JPEG 2000/, /save it as a plain TIFF/);

  await open(await writeTiff(file('nothing.tif'), { width: 0, height: 64 }));
  await refused(/nothing\.tif/, /again/i);

  const empty = file('empty.tif');
  await writeFile(empty, '');
  await open(empty);
  await refused(/empty\.tif/, /again/i);

  await work.point(await work.at(0.3, 0.4));
  await expect(work.status).toContainText('membrane, painted');
  await paint(0.35, 0.6);
});

test('a stack that ends early opens as far as it goes, and says so', async () => {
  const half = file('early.tif');
  await cp(sample, half);
  await truncate(half, 3_000_000);
  await open(half);
  await expect(work.picture).toHaveAccessibleName('Slice 1 of 3');
  await expect(app.page.getByText(/ends early: 3 pages .* Copy or export it again/)).toBeVisible();
  await app.picture('ends-early');
  await open(storyStack);
  await expect(work.picture).toHaveAccessibleName('Slice 1 of 8');
  await work.opened();
  await work.point(await work.at(0.35, 0.6));
  await expect(work.status).toContainText('membrane, painted');
});

test('labels of another size and of one class are refused in the dialog that chose them', async () => {
  const image = await writeTiff(file('image.tif'), { width: 128, height: 128, pages: 3 });
  const small = await writeTiff(file('small-labels.tif'), { width: 64, height: 128, pages: 3 });
  const plain = await writeTiff(file('plain-labels.tif'), {
    width: 128,
    height: 128,
    pages: 3,
    value: () => 255,
  });
  await app.answerDialogs(image, small, plain);
  await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    contents?.send('membrana:event', 'menu.command', { command: 'model.train' });
  });
  const dialog = app.page.getByRole('dialog', { name: 'Train from labels' });
  await dialog.getByRole('button', { name: /Image stack/ }).click();
  await dialog.getByRole('button', { name: /Label stack/ }).click();
  const refusal = dialog.getByRole('alert');
  await expect(refusal).toContainText('small-labels.tif is 64 × 128 × 3');
  await expect(refusal).toContainText('must agree');
  await app.picture('refused-labels-size');
  await dialog.getByRole('button', { name: /Label stack/ }).click();
  await expect(refusal).toContainText('plain-labels.tif holds one value only');
  await expect(refusal).toContainText('at least two values');
  await app.picture('refused-labels-one-class');
  await app.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await paint(0.4, 0.3);
});

test('a project of a newer version is left alone', async () => {
  const newer = file('tomorrow.emproj');
  await cp(join(home.projects, 'vnc-sample.emproj'), newer, { recursive: true });
  await makeNewer(newer);
  const before = await readFile(join(newer, 'project.json'), 'utf8');
  await app.answerDialogs(newer);
  await work.press('Control+Shift+O');
  await refused(/newer version of Membrana \(format 99/, /Install the newest version/);
  expect(await readFile(join(newer, 'project.json'), 'utf8')).toBe(before);
  await paint(0.45, 0.7);
});

test('a model whose weights do not fit is refused by name', async () => {
  const folder = join(home.projects, 'vnc-sample.emproj', 'models', 'm-cut-off');
  await cp(join(resources, 'models', 'isbi-base8'), folder, { recursive: true });
  const card = await readFile(join(folder, 'model.json'), 'utf8');
  await writeFile(
    join(folder, 'model.json'),
    card
      .replace('"id": "isbi-base8"', '"id": "m-cut-off"')
      .replace('"name": "isbi-base8"', '"name": "Cut off"'),
  );
  await truncate(join(folder, 'weights.bin'), 1000);
  await app.close();
  app = await launchApp({ home, files: [storyStack] });
  work = new Workspace(app.page);
  await work.opened();
  await work.button('Use Cut off').click();
  await expect(work.models.filter({ hasText: 'Cut off' })).toContainText('in use');
  await work.press('s');
  await refused(/weights of "m-cut-off"/, /copy both files again/);
  await work.button('Use general').click();
  await paint(0.5, 0.4);
});

test('the compute process is killed in the middle of a job: it goes on, says so, and nothing painted is lost', async () => {
  await work.press('Shift+s');
  await expect(app.page.getByText(/slice [1-9]\d* of 8/).last()).toBeVisible({
    timeout: ENGINE_MS,
  });
  await expect(app.page.getByRole('progressbar')).toBeVisible();
  const pid = computeOf(app.electron.process());
  expect(pid).not.toBeNull();
  process.kill(pid ?? 0, 'SIGKILL');
  await expect(app.page.getByText(/was ended from outside; started again/).first()).toBeVisible();
  await expect(work.card('8 slices segmented')).toBeVisible({ timeout: ENGINE_MS });
  await expect(work.card('The job is done, with a remark')).toBeVisible();
  await app.picture('job-went-on');
  await work.dismissCards();
  await paint(0.55, 0.6);
  for (const [x, y] of [
    [0.3, 0.4],
    [0.35, 0.6],
    [0.4, 0.3],
    [0.45, 0.7],
    [0.5, 0.4],
  ] as const) {
    await work.point(await work.at(x, y));
    await expect(work.status).toContainText('membrane, painted');
  }
  expect(app.problems).toEqual([]);
});
