import { readdir } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { killWithChildren } from './kill-processes';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

/** Short ones; how many steps a good one has is measured elsewhere. */
const environment = {
  MEMBRANA_FIT_STEPS: '6',
  MEMBRANA_RETRAIN_STEPS: '6',
  MEMBRANA_CHECKPOINT_STEPS: '2',
};

let home: Home;
let app: RunningApp;
let work: Workspace;

test.describe.configure({ mode: 'serial' });
test.setTimeout(600_000);
test.beforeEach(async () => {
  home = await makeHome('story-stack');
  await start();
  await work.dismissCards();
});
test.afterEach(async () => {
  await app.close();
  await home.remove();
});

async function start(): Promise<void> {
  app = await launchApp({ home, files: [storyStack], environment });
  work = new Workspace(app.page);
  await work.opened();
}

/** Names of what is kept of trainings in the projects of this home. */
async function checkpoints(): Promise<string[]> {
  const entries = await readdir(home.projects, { recursive: true }).catch(() => []);
  return entries.filter((name) => name.endsWith('.checkpoint'));
}

/** Ends everything at once, as a power cut does, as soon as something of the training is kept. */
async function cut(): Promise<void> {
  await expect.poll(checkpoints, { timeout: ENGINE_MS, intervals: [200] }).toHaveLength(1);
  const main = app.electron.process();
  const gone = new Promise((done) => main.once('exit', done));
  killWithChildren(main);
  await gone;
}

async function run(command: string): Promise<void> {
  await work.press('Control+k');
  await app.page.keyboard.type(command);
  await app.page.keyboard.press('Enter');
}

const goingOn = () => app.page.getByText(/\(goes on after an interruption\)/).first();

test('a fit that the end of the app interrupted goes on from where it was kept', async () => {
  await run('Fit to this stack');
  await cut();
  await start();
  await expect(goingOn()).toBeVisible();
  await app.picture('interrupted-fit');
  const card = work.card(/^general, fitted (is ready to try|kept aside|is in use)$/);
  await expect(card).toBeVisible({ timeout: ENGINE_MS });
  await expect.poll(checkpoints).toEqual([]);
  expect(app.problems).toEqual([]);
});

test('a retraining goes on too, on the strokes that it was learning from', async () => {
  await work.press('b');
  for (const [x, y] of [
    [0.3, 0.3],
    [0.5, 0.4],
    [0.6, 0.6],
  ] as const) {
    const at = await work.at(x, y);
    await work.stroke(at, { x: at.x + 50, y: at.y + 20 });
  }
  await expect(work.saved).toHaveText('Saved');
  await run('Retrain');
  await cut();
  await start();
  await expect(goingOn()).toBeVisible();
  const card = work.card(/^Learnt: general · 2 /);
  await expect(card.or(work.card(/^general · 2 /)).first()).toBeVisible({ timeout: ENGINE_MS });
  await expect.poll(checkpoints).toEqual([]);
  expect(app.problems).toEqual([]);
});
