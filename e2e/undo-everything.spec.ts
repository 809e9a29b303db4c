import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { Workspace } from './workspace';
import { storyStack } from './story-stack';

let home: Home;
let app: RunningApp;
let work: Workspace;

const inUse = (): Locator => work.models.filter({ hasText: 'in use' });
const take = (name: string): Locator => work.panel.getByRole('button', { name: `Paint ${name}` });
const undo = (): Locator => app.page.locator('[data-command="edit.undo"]');
const redo = (): Locator => app.page.locator('[data-command="edit.redo"]');

async function launch(): Promise<void> {
  app = await launchApp({ home, files: [storyStack] });
  work = new Workspace(app.page);
  await work.opened();
}

/** The probability under the middle of the picture, as the status bar tells it. */
async function expectPrediction(shown: boolean): Promise<void> {
  await work.point(await work.at(0.5, 0.5));
  await expect(work.status).toContainText(shown ? /p 0\.\d\d/ : 'p —');
}

test.describe.serial('undo of what is no stroke', () => {
  test.beforeAll(async () => {
    home = await makeHome('story-stack');
    await launch();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('a class is renamed, the model switched, a slice segmented', async () => {
    await work.dismissCards();
    await take('membrane').dblclick();
    await app.page.getByRole('textbox', { name: 'Rename membrane' }).fill('wall');
    await app.page.keyboard.press('Enter');
    await expect(take('wall')).toBeVisible();
    await expect(undo()).toHaveAttribute('title', /Rename class/);

    await expect(inUse()).toContainText('general');
    await work.panel.getByRole('button', { name: 'Use isbi-base8' }).click();
    await expect(inUse()).toContainText('isbi-base8');
    await expect(undo()).toHaveAttribute('title', /Use model isbi-base8/);

    await expectPrediction(false);
    await work.segment();
    await expectPrediction(true);
    await expect(undo()).toHaveAttribute('title', /Segment slice 1/);
    await expect(work.saved).toHaveText('Saved');
    await app.picture('undo-all-done');
    await work.dismissCards();
  });

  test('Ctrl+Z three times takes back each; a step of another slice brings it into view', async () => {
    await work.press('PageDown');
    await expect(work.status).toContainText('slice 2 of');
    await work.press('Control+z');
    await expect(work.status).toContainText('slice 1 of');
    await expect(app.page.getByText('Undone on slice 1: Segment slice 1.')).toBeVisible();
    await expectPrediction(false);
    await work.press('Control+z');
    await expect(inUse()).toContainText('general');
    await expect(app.page.getByText('Undone: Use model isbi-base8.')).toBeVisible();
    await work.press('Control+z');
    await expect(take('membrane')).toBeVisible();
    await expect(work.saved).toHaveText('Saved');
    await app.picture('undo-all-undone');
  });

  test('after a restart they can be done again', async () => {
    await app.close();
    await launch();
    await work.dismissCards();
    await expect(take('membrane')).toBeVisible();
    await expect(inUse()).toContainText('general');
    await expect(redo()).toHaveAttribute('title', /Rename class/);
    await work.press('Control+y');
    await expect(take('wall')).toBeVisible();
    await work.press('Control+y');
    await expect(inUse()).toContainText('isbi-base8');
    await expectPrediction(false);
    await work.press('Control+y');
    // The map was on the disk all the time: it shows at once.
    await expectPrediction(true);
    await expect(work.saved).toHaveText('Saved');
    await app.picture('undo-all-redone');
    expect(app.problems).toEqual([]);
  });
});
