import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { layoutFaults } from './layout-faults';
import { Screen } from './screen';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

/** Rounds long enough to be seen; how long a good one is, is measured elsewhere. */
const environment = { MEMBRANA_RETRAIN_STEPS: '6' };
const NOTE = 'First round: thin walls at the left edge.';

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let work: Workspace;

async function start(): Promise<void> {
  app = await launchApp({ home, files: [storyStack], environment });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
}

test.beforeAll(async () => {
  home = await makeHome('story-stack');
  await start();
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

const timeline = () => app.page.getByRole('dialog', { name: 'Timeline' });
const version = (name: string) =>
  timeline()
    .getByRole('list', { name: 'Versions, the newest first' })
    .getByRole('button', { name });
const divider = () => app.page.getByRole('slider', { name: 'Divider between two versions' });

async function run(command: string): Promise<void> {
  await work.press('Control+k');
  await app.page.keyboard.type(command);
  await app.page.keyboard.press('Enter');
}

/** Light and dark, on a desk and in the smallest window: pictures, and no faults. */
async function look(name: string): Promise<void> {
  const screen = await Screen.of(app.page);
  for (const theme of ['light', 'dark'] as const)
    for (const size of [
      { width: 1440, height: 900 },
      { width: 960, height: 600 },
    ]) {
      await screen.theme(theme);
      await screen.show(size);
      expect(await layoutFaults(app.page), `${name} ${String(size.width)} ${theme}`).toEqual([]);
      await app.picture(`timeline-${name}-${String(size.width)}-${theme}`);
    }
  await screen.show({ width: 1280, height: 800 });
}

test('a short stroke teaches a version that is only offered, and the timeline says so', async () => {
  await work.segment();
  const at = await work.clearSpot(64);
  // A hair of a stroke: too little of it can be kept from training to judge by.
  for (let i = 0; i < 12; i += 1) await work.press('BracketLeft');
  await work.stroke(at, { x: at.x + 20, y: at.y + 6 });
  await expect(work.saved).toHaveText('Saved');
  await work.press('Control+t');
  const card = work.card(/ · 2 /);
  await expect(card).toBeVisible({ timeout: ENGINE_MS });
  await expect(card).toContainText('general · 2 is ready to try');
  await work.dismissCards();

  await run('Timeline of model versions');
  await expect(version('general · 2')).toContainText('offered');
  await expect(version('general in use')).toHaveAttribute('aria-current', 'true');
  await version('general · 2').click();
  const detail = timeline().getByRole('region', { name: 'general · 2' });
  await expect(detail).toContainText('retrained on corrections, from general');
  await expect(detail).toContainText('your labels on slice 1');
  await expect(detail).toContainText(/6 steps · .* · seed \d+/);
  await expect(detail).toContainText('too few new strokes');
  await expect(detail).toContainText(/without labels: \d+ cells a slice \(\d+ before\)/);
  await expect(detail.getByRole('img', { name: /^Loss curve/ })).toBeVisible();
});

test('a note is kept with the project, and is there after a restart', async () => {
  const note = () => timeline().getByRole('textbox', { name: 'Your note' });
  await note().fill(NOTE);
  await expect(timeline().getByText('Saved', { exact: true })).toBeVisible();
  await look('versions');
  // Typed and closed at once: nothing is lost.
  await note().fill(`${NOTE} Look again.`);
  await app.page.keyboard.press('Escape');
  await expect(timeline()).toBeHidden();
  await app.close();
  await start();
  await run('Timeline of model versions');
  await expect(version('general · 2')).toContainText(NOTE);
  await version('general · 2').click();
  await expect(note()).toHaveValue(`${NOTE} Look again.`);
});

test('a swipe puts both masks on one slice, by mouse and by keys, and makes what is missing', async () => {
  await timeline().getByRole('button', { name: 'Swipe on the slice' }).click();
  await expect(timeline()).toBeHidden();
  await expect(divider()).toHaveAttribute('aria-valuenow', '50');
  await look('swipe');
  const right = (await work.look()).mark;
  await divider().focus();
  await app.page.keyboard.press('End');
  await expect(divider()).toHaveAttribute('aria-valuenow', '100');
  await expect.poll(async () => (await work.look()).mark).not.toBe(right);
  const left = (await work.look()).mark;
  await app.page.keyboard.press('Home');
  await expect(divider()).toHaveAttribute('aria-valuenow', '0');
  await expect.poll(async () => (await work.look()).mark).not.toBe(left);
  await app.page.keyboard.press('Shift+ArrowRight');
  await expect(divider()).toHaveAttribute('aria-valuenow', '10');
  const from = await work.at(0.1, 0.5);
  const to = await work.at(0.4, 0.5);
  await app.page.mouse.move(from.x, from.y);
  await app.page.mouse.down();
  await app.page.mouse.move(to.x, to.y, { steps: 5 });
  await app.page.mouse.up();
  await expect(divider()).toHaveAttribute('aria-valuenow', '40');
  // The next slice nobody has predicted: it is made while one looks at it.
  await work.press('PageDown');
  await expect(divider()).toBeHidden();
  await expect(app.page.getByText(/^Segmenting this slice with general/)).toBeVisible();
  await expect(divider()).toBeVisible({ timeout: ENGINE_MS });
  await expect(divider()).toHaveAttribute('aria-valuenow', '40');
  await expect(app.page.getByText('◂ general', { exact: true })).toBeVisible();
  await work.press('Escape');
  await expect(divider()).toBeHidden();
  // Looking is no step of the history.
  await work.press('PageUp');
});

test('the place under the pointer is looked at under every version', async () => {
  const at = await work.at(0.5, 0.5);
  await app.page.mouse.click(at.x, at.y, { button: 'right' });
  await app.page.getByRole('menuitem', { name: 'Which version changed this place?' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Which version changed this place?' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('img', { name: 'The place under general · 2' })).toBeVisible({
    timeout: ENGINE_MS,
  });
  await expect(dialog).toContainText(
    /between general and general · 2|No line of ten pixels or more/,
  );
  await look('place');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
});

test('going back is one click, and Undo takes it back', async () => {
  await run('Timeline of model versions');
  await version('general · 2').click();
  await timeline().getByRole('button', { name: 'Use this version' }).click();
  await expect(version('general · 2')).toContainText('in use');
  await version('general start').click();
  await timeline().getByRole('button', { name: 'Use this version' }).click();
  await expect(version('general in use')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await work.press('Control+z');
  await expect(work.models.filter({ hasText: 'general · 2' })).toContainText('in use');
  await work.press('Control+z');
  await expect(work.models.filter({ hasText: 'general · 2' })).not.toContainText('in use');
  expect(app.problems).toEqual([]);
});
