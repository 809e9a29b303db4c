import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { launchApp, type RunningApp } from './app-driver';
import { ENGINE_MS, Workspace } from './workspace';

const sample = join(resolve(import.meta.dirname, '..'), 'resources', 'sample', 'vnc-sample.tif');
const Drawn = z.array(z.object({ z: z.number(), complete: z.boolean() }).loose());

let app: RunningApp;
let work: Workspace;

test.beforeAll(async () => {
  app = await launchApp({ files: [sample], environment: { MEMBRANA_BENCH: '1' } });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
});
test.afterAll(() => app.close());

test('a key that is held goes through slices that come up on the way, to where it was held', async () => {
  await app.page.evaluate('membranaDrawing.forget()');
  for (let i = 0; i < 7; i += 1) await work.press('PageDown');
  await expect(work.status).toContainText('slice 8 of 8');
  const drawings = (): Promise<z.infer<typeof Drawn>> =>
    app.page.evaluate('membranaDrawing.timings()').then((found) => Drawn.parse(found));
  await expect.poll(async () => (await drawings()).at(-1)).toMatchObject({ z: 7, complete: true });
  const complete = (await drawings()).filter((drawing) => drawing.complete);
  const slices = [...new Set(complete.map((drawing) => drawing.z))];
  expect(slices.length).toBeGreaterThanOrEqual(3);
  expect(slices).toEqual([...slices].sort((a, b) => a - b));
});

test('a command means the slice that the turns before it lead to', async () => {
  for (const key of ['PageUp', 'PageUp', 'PageUp', 's']) await work.press(key);
  await expect(app.page.getByRole('article', { name: /^Segment slice 5 with / })).toBeVisible();
  await expect(work.status).toContainText('slice 5 of 8');
  await expect(work.card('Slice segmented')).toBeVisible({ timeout: ENGINE_MS });
  expect(app.problems).toEqual([]);
});

test('who paints right after turning paints on the slice that they see', async () => {
  await work.dismissCards();
  const middle = await work.at(0.5, 0.5);
  await app.page.mouse.move(middle.x, middle.y);
  await work.press('PageDown');
  await app.page.mouse.down();
  await app.page.mouse.move(middle.x + 40, middle.y, { steps: 4 });
  await app.page.mouse.up();
  await expect(work.status).toContainText(/slice 6 of 8.*membrane, painted/s);
  await expect(work.saved).toHaveText('Saved');
  await work.press('PageUp');
  await expect(work.status).toContainText(/slice 5 of 8.*untouched/s);
});
