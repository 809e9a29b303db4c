import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { ENGINE_MS, Workspace } from './workspace';
import { storyStack } from './story-stack';

let home: Home;
let app: RunningApp;
test.beforeAll(async () => {
  home = await makeHome('story-stack');
  app = await launchApp({
    home,
    files: [storyStack],
    environment: { MEMBRANA_FIT_STEPS: '4' },
  });
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('a model is fitted to a stack without a label: the version stands beside the old one, says what decided, and can be used', async () => {
  const { page } = app;
  const work = new Workspace(page);
  await work.opened();
  await work.dismissCards();
  await work.segment();
  await work.dismissCards();
  await work.press('PageDown');
  await work.segment();
  await work.dismissCards();
  await work.press('PageUp');
  // Nothing says that the model is not at home here, so the panel doesn't offer it.
  await expect(work.panel.getByRole('button', { name: 'Fit to this stack' })).toHaveCount(0);
  await work.press('Control+k');
  await page.keyboard.type('Fit to this stack');
  await app.picture('fit-before');
  await page.keyboard.press('Enter');
  const fitted = work.models.filter({ hasText: 'general, fitted' });
  await expect(fitted).toBeVisible({ timeout: ENGINE_MS });
  // The model knows this very tissue: there is nothing to win, and it says so.
  const card = work.card(/^general, fitted (is ready to try|kept aside)$/);
  await expect(card).toBeVisible({ timeout: ENGINE_MS });
  await expect(card).toContainText('turned over');
  await expect(card).toContainText('general stays in use.');
  await app.picture('fit-offered');
  await card.getByRole('button', { name: 'Show what changed' }).click();
  await app.picture('fit-changed');
  await card.getByRole('button', { name: /^Use it/ }).click();
  await expect(fitted).toContainText('in use');
  const taken = work.card('general, fitted is in use');
  await expect(taken).toContainText('In use by your choice');
  await expect(taken).not.toContainText(/Not put in place|Kept aside/);
  // The other slice shows the earlier version until it is done again, by itself.
  const scrubber = page.getByRole('slider', { name: 'Slice' });
  await work.press('PageDown');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /, predicted$/, { timeout: ENGINE_MS });
  await app.picture('fit-next-slice');
  await work.press('PageUp');
  await work.press('Control+z');
  await expect(work.models.filter({ hasText: 'in use' })).not.toContainText('fitted');
  expect(app.problems).toEqual([]);
});
