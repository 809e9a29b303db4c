import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

const resources = join(resolve(import.meta.dirname, '..'), 'resources');

let home: Home;
let app: RunningApp;
let work: Workspace;

const running = (title: RegExp): Locator => app.page.getByRole('article', { name: title });
const slices = (): Locator => app.page.getByRole('slider', { name: 'Slice' });
const dialog = (): Locator => app.page.getByRole('dialog', { name: 'Segment slices' });

async function pictures(name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [960, 600],
  ] as const) {
    await app.page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      await app.picture(`segmenting-${name}-${String(width)}-${colorScheme}`);
    }
  }
  await app.page.setViewportSize({ width: 1440, height: 900 });
}

async function start(): Promise<void> {
  app = await launchApp({ files: [storyStack], home });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
}

/** A version that descends from the bundled one, as an accepted retraining leaves it. */
async function addVersion(): Promise<void> {
  const folder = join(home.projects, 'vnc-sample.emproj', 'models', 'm-20300101-000000-beef');
  await cp(join(resources, 'models', 'general'), folder, { recursive: true });
  const card = join(folder, 'model.json');
  const model: unknown = JSON.parse(await readFile(card, 'utf8'));
  if (typeof model !== 'object' || model === null) throw new Error('no card');
  const own = { id: 'm-20300101-000000-beef', name: 'general · 2', origin: 'retrained' };
  const descent = { parent: 'general', created: '2030-01-01T00:00:00.000Z' };
  await writeFile(card, JSON.stringify({ ...model, ...own, ...descent }));
}

test.describe.serial('segmenting a stack', () => {
  test.beforeAll(async () => {
    home = await makeHome('story-stack');
    await start();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('goes on with what is missing after a cancel', async () => {
    await work.press('Shift+S');
    const first = running(/^Segment 8 slices with general/);
    await expect(first).toBeVisible();
    await expect(first).toContainText(/slice [3-7] of 8/, { timeout: ENGINE_MS });
    await first.getByRole('button', { name: /^Cancel/ }).click();
    await expect(first).toBeHidden({ timeout: ENGINE_MS });
    await work.press('Shift+S');
    const rest = running(/^Segment ([1-7] slices|slice 8) with general/);
    await expect(rest).toBeVisible();
    await rest.getByRole('button', { name: /^Cancel/ }).click();
    await expect(rest).toBeHidden({ timeout: ENGINE_MS });
  });

  test('of a range says which slices, and which of them again', async () => {
    await work.press('Control+k');
    await app.page
      .getByRole('combobox', { name: 'Type what you want to do' })
      .fill('segment a range');
    await app.page.keyboard.press('Enter');
    await expect(dialog()).toContainText(/Missing \([1-7]\)/);
    await dialog().getByRole('button', { name: 'These…' }).click();
    await dialog().getByRole('textbox').fill('1-9');
    await expect(dialog()).toContainText('It has slices 1-8.');
    await dialog().getByRole('textbox').fill('1');
    await expect(dialog()).toContainText('1 slice: 1. 1 of them again.');
    await pictures('range');
    await app.page.keyboard.press('Enter');
    await expect(work.card('Slice segmented')).toBeVisible({ timeout: ENGINE_MS });
    await work.dismissCards();
  });

  test('keeps what an earlier version predicted, marked as old, until it is done again', async () => {
    await app.close();
    await addVersion();
    await start();
    const before = await work.look();
    expect(before.tinted).toBeGreaterThan(0.05);
    await work.models.filter({ hasText: 'general · 2' }).getByRole('button').click();
    const note = app.page.getByText('Prediction by general, an earlier model version');
    await expect(note).toBeVisible();
    await expect(slices()).toHaveAttribute('aria-valuetext', /earlier model version/);
    await expect.poll(async () => (await work.look()).tinted).toBeGreaterThan(0.05);
    await pictures('old');
    await work.segment();
    await expect(note).toBeHidden();
    await expect(slices()).toHaveAttribute('aria-valuetext', /, predicted$/);
    expect(app.problems).toEqual([]);
  });
});
