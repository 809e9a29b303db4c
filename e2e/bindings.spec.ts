import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from './app-driver';
import { Hand } from './bindings/hand';
import { loopRows } from './bindings/loop-rows';
import { paintRows } from './bindings/paint-rows';
import { viewRows } from './bindings/view-rows';
import { storyStack } from './story-stack';

let app: RunningApp;
let hand: Hand;
test.beforeAll(async () => {
  app = await launchApp({ files: [storyStack], environment: { MEMBRANA_RETRAIN_STEPS: '12' } });
  hand = new Hand(app);
  await hand.work.opened();
  await hand.work.segment();
  await hand.work.dismissCards();
});
test.afterAll(() => app.close());

for (const { keys, action, story } of [...viewRows, ...paintRows, ...loopRows])
  test(`${keys}: ${action}`, async () => {
    await hand.reset();
    await story(hand);
  });

test('the keys of browsers are gone: no reload, no page zoom, in no menu', async () => {
  const { page, electron } = app;
  await page.evaluate(() => Reflect.set(window, 'mark', 1));
  await hand.work.picture.focus();
  for (const key of ['Control+r', 'Control+Shift+r', 'F5', 'Control+Equal', 'Control+Minus'])
    await page.keyboard.press(key);
  await hand.settled();
  expect(await page.evaluate(() => Number(Reflect.get(window, 'mark')))).toBe(1);
  const seen = await electron.evaluate(({ BrowserWindow, Menu }) => {
    const roles: string[] = [];
    const visit = (items: readonly Electron.MenuItem[]): void => {
      for (const item of items) {
        roles.push((item.role ?? '').toLowerCase());
        if (item.submenu) visit(item.submenu.items);
      }
    };
    visit(Menu.getApplicationMenu()?.items ?? []);
    return { roles, zoom: BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor() };
  });
  expect(seen.zoom).toBe(1);
  expect(seen.roles.length).toBeGreaterThan(20);
  for (const role of ['reload', 'forcereload', 'zoomin', 'zoomout', 'resetzoom'])
    expect(seen.roles).not.toContain(role);
});

test('nothing complained', () => {
  expect(app.problems).toEqual([]);
});
