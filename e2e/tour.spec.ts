import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { ENGINE_MS, Workspace } from './workspace';

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let work: Workspace;
const start = async (): Promise<void> => {
  app = await launchApp({ home, environment: { MEMBRANA_RETRAIN_STEPS: '12' } });
  work = new Workspace(app.page);
};
const card = (): Locator => app.page.getByRole('region', { name: 'Tour' });
const at = (title: string): Promise<void> =>
  expect(card().getByRole('heading', { name: title })).toBeVisible({ timeout: ENGINE_MS });
/** The step points at this control, and covers neither it nor what it is about. */
async function pointsAt(control: Locator): Promise<void> {
  const look = async (): Promise<{ off: number; apart: boolean }> => {
    const [ring, box, over] = await Promise.all([
      app.page.locator('.ring').boundingBox(),
      control.boundingBox(),
      card().boundingBox(),
    ]);
    if (!ring || !box || !over) return { off: Infinity, apart: false };
    const off = Math.hypot(
      ring.x + ring.width / 2 - box.x - box.width / 2,
      ring.y + ring.height / 2 - box.y - box.height / 2,
    );
    const apart =
      over.x >= box.x + box.width ||
      over.x + over.width <= box.x ||
      over.y >= box.y + box.height ||
      over.y + over.height <= box.y;
    return { off: Math.round(off), apart };
  };
  await expect.poll(look).toEqual({ off: 0, apart: true });
}

test.beforeAll(async () => {
  home = await makeHome();
  await start();
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('the first launch offers it; it opens the sample and points at Segment', async () => {
  await work.button('Three-minute tour').click();
  await work.opened();
  await at('Let the model paint the membranes');
  await pointsAt(app.page.getByRole('button', { name: /^Segment slice/ }));
  await app.picture('tour-segment');
});

test('it waits for the real segmentation, then for a real stroke', async () => {
  await work.press('s');
  await at('Brush over what is wrong');
  await pointsAt(
    app.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: 'Brush' }),
  );
  await app.picture('tour-paint');
  await work.press('h');
  await at('Brush over what is wrong');
  const from = await work.at(0.6, 0.5);
  await work.stroke(from, { x: from.x + 40, y: from.y + 12 });
  await at('Say what is right');
  await app.picture('tour-confirm');
});

test('Esc leaves it, and the Help menu goes on from there, after a restart too', async () => {
  await work.press('Escape');
  await expect(card()).toBeHidden();
  await expect(app.page.getByText(/^Tour left/)).toBeVisible();
  await app.close();
  await start();
  await expect(work.button('Go on with the tour')).toBeVisible();
  await app.electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('help.tour')?.click();
  });
  await work.opened();
  await at('Say what is right');
});

test('confirming and retraining end it', async () => {
  await work.dismissCards();
  await work.press('Shift+Enter');
  await at('Let it learn');
  await pointsAt(app.page.getByRole('button', { name: /^Retrain/ }));
  await work.press('Control+t');
  await at('That is the whole loop');
  await app.picture('tour-end');
  await card().getByRole('button', { name: 'Done' }).click();
  await expect(card()).toBeHidden();
  expect(app.problems).toEqual([]);
});

test('once taken, it is not offered any more', async () => {
  await app.close();
  await start();
  await expect(work.button('Open the sample')).toBeVisible();
  await expect(app.page.getByRole('button', { name: /tour/i })).toHaveCount(0);
});
