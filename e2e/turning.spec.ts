import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { launchApp, type RunningApp } from './app-driver';
import { ENGINE_MS, Workspace, type Point } from './workspace';
import { storyStack } from './story-stack';

const Drawn = z.array(z.object({ z: z.number(), complete: z.boolean() }).loose());

let app: RunningApp;
let work: Workspace;

/** Keys in one task of the page: no frame comes between them. */
async function atOnce(...keys: readonly string[]): Promise<void> {
  await app.page.evaluate((order) => {
    for (const key of order)
      for (const type of ['keydown', 'keyup'])
        window.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
  }, keys);
}

/** The last slice, and a short stroke there from a place on, as fast as input comes. */
async function paintAtTheEnd({ x, y }: Point): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, at) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) throw new Error('there is no window');
      contents.sendInputEvent({ type: 'keyDown', keyCode: 'End' });
      contents.sendInputEvent({ type: 'keyUp', keyCode: 'End' });
      const button = { button: 'left', clickCount: 1 } as const;
      contents.sendInputEvent({ type: 'mouseMove', ...at });
      contents.sendInputEvent({ type: 'mouseDown', ...at, ...button });
      contents.sendInputEvent({ type: 'mouseMove', x: at.x + 40, y: at.y, ...button });
      contents.sendInputEvent({ type: 'mouseUp', x: at.x + 40, y: at.y, ...button });
    },
    { x: Math.round(x), y: Math.round(y) },
  );
}

/** The slice in view and its neighbours are here. */
async function settled(): Promise<void> {
  await work.press('Control+0');
  await app.page.waitForTimeout(1000);
}

test.beforeAll(async () => {
  app = await launchApp({ files: [storyStack], environment: { MEMBRANA_BENCH: '1' } });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
});
test.afterAll(() => app.close());

test('who paints before the slice has come up paints all the same', async () => {
  await settled();
  await paintAtTheEnd(await work.at(0.5, 0.5));
  await expect(work.status).toContainText(/slice 8 of 8.*membrane, painted/s);
  await expect(work.saved).toHaveText('Saved');
});

test('turns gather while a slice comes up: it is shown, the next, and then the one they lead to', async () => {
  await work.press('Home');
  await settled();
  await app.page.evaluate('membranaDrawing.forget()');
  await atOnce(...Array.from({ length: 7 }, () => 'PageDown'));
  await expect(work.status).toContainText('slice 8 of 8');
  const shown = async (): Promise<number[]> => {
    const drawn = Drawn.parse(await app.page.evaluate('membranaDrawing.timings()'));
    return [...new Set(drawn.filter(({ complete }) => complete).map((drawing) => drawing.z))];
  };
  await expect.poll(shown).toEqual([1, 2, 7]);
});

test('slices come whole, through their port, and not tile by tile', async () => {
  await work.press('Home');
  await settled();
  const asked = await app.page.evaluate(async () => {
    const seen: string[] = [];
    const before = window.fetch.bind(window);
    window.fetch = (asked, options) => {
      seen.push(asked instanceof Request ? asked.url : asked.toString());
      return before(asked, options);
    };
    for (let turn = 0; turn < 7; turn += 1) {
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true }));
      await new Promise((done) => setTimeout(done, 150));
    }
    window.fetch = before;
    return seen.filter((url) => /^em-pixels:\/\/(raw|probability)/.test(url));
  });
  await expect(work.status).toContainText('slice 8 of 8');
  expect(asked).toEqual([]);
});

test('a command means the slice that the turns before it lead to', async () => {
  await work.press('End');
  await settled();
  await atOnce('PageUp', 'PageUp', 'PageUp', 's');
  await expect(app.page.getByRole('article', { name: /^Segment slice 5 with / })).toBeVisible();
  await expect(work.status).toContainText('slice 5 of 8');
  await expect(work.card('Slice segmented')).toBeVisible({ timeout: ENGINE_MS });
  expect(app.problems).toEqual([]);
});
