import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { layoutFaults } from './layout-faults';
import { Screen, screenSizes } from './screen';
import { ENGINE_MS, Workspace } from './workspace';

test.describe.configure({ mode: 'serial' });

let home: Home;
let app: RunningApp;
let work: Workspace;
let screen: Screen;
const start = async (): Promise<void> => {
  app = await launchApp({ home, environment: { MEMBRANA_RETRAIN_STEPS: '12' } });
  work = new Workspace(app.page);
  screen = await Screen.of(app.page);
};
const card = (): Locator => app.page.getByRole('region', { name: 'Tour' });
const at = (title: string | RegExp): Promise<void> =>
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

/** Brushes over the ring from left to right, at these shares of its height. */
async function mend(rows: readonly number[]): Promise<void> {
  const ring = await app.page.locator('.place').boundingBox();
  if (ring === null) throw new Error('there is no ring');
  for (const row of rows) {
    const y = Math.round(ring.y + row * ring.height);
    await work.stroke(
      { x: Math.round(ring.x + 0.25 * ring.width), y },
      { x: Math.round(ring.x + 0.75 * ring.width), y },
    );
  }
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

test('it waits for the real segmentation, then for a real correction: a touch is not enough', async () => {
  await work.press('s');
  await at('Mend what is wrong');
  await pointsAt(
    app.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: 'Brush' }),
  );
  await app.picture('tour-paint');
  await work.press('h');
  await at('Mend what is wrong');
  // The model that the tour begins with is wrong in the ring.
  await expect(work.models.filter({ hasText: 'in use' })).toContainText('isbi-base8');
  await mend([0.5]);
  await at('Mend what is wrong');
});

test('Esc leaves it, and the Help menu goes on from there, after a restart too', async () => {
  await work.press('Escape');
  await expect(card()).toBeHidden();
  await expect(app.page.getByText(/^Tour left; its model, isbi-base8, stays in use/)).toBeVisible();
  await app.close();
  await start();
  await expect(work.button('Go on with the tour')).toBeVisible();
  await app.electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('help.tour')?.click();
  });
  await work.opened();
  await at('Mend what is wrong');
});

test('mending the place and retraining end it, in a success', async () => {
  await work.dismissCards();
  await mend([0.3, 0.5, 0.7]);
  await at('Let it learn');
  await app.picture('tour-retrain');
  await pointsAt(app.page.getByRole('button', { name: /^Retrain/ }));
  await work.press('Control+t');
  // Strokes in one place leave none to judge by: the version says what it learnt, and waits.
  await at(/^Learnt: isbi-base8/);
  await expect(card()).toContainText(
    /gets \d+ % of what you painted right by itself, \d+ % before/,
  );
  for (const size of screenSizes) {
    await screen.show(size);
    expect(await layoutFaults(app.page)).toEqual([]);
    await app.picture(`tour-end-${String(size.width)}`);
  }
  await card().getByRole('button', { name: 'Use it' }).click();
  await expect(work.models.filter({ hasText: 'isbi-base8 · 2' })).toContainText('in use');
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
