import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome } from './app-driver';
import { writeBigTiff } from './big-tiff';
import { memoryOf } from './memory';
import { ENGINE_MS, Workspace } from './workspace';

/** `npm run test:large` takes five times as much, and segments a slice of it. */
const all = process.env['MEMBRANA_LARGE'] === 'all';
const SIDE = 2048;
const depth = all ? 25_000 : 5000;
/** All processes together, above the app with nothing open. */
const MOST_MIB = 1536;

test('a stack larger than memory opens, is gone through and painted in little memory', async () => {
  const home = await makeHome();
  const middle = Math.floor(depth / 2);
  const real = [...Array.from({ length: 40 }, (_, i) => i), middle, depth - 1];
  if (all) real.push(...Array.from({ length: 500 }, (_, i) => 100 + i * 40));
  const stack = await writeBigTiff(join(home.folder, 'large.tif'), {
    ...{ side: SIDE, depth, rows: SIDE, real },
  });
  const app = await launchApp({ home });
  const pid = app.electron.process().pid ?? 0;
  const work = new Workspace(app.page);
  try {
    await expect(work.button('Open the sample')).toBeVisible();
    const empty = await memoryOf(pid);
    let most = empty;
    let watching = true;
    const watch = (async () => {
      while (watching) {
        most = Math.max(most, await memoryOf(pid));
        await new Promise((done) => setTimeout(done, 250));
      }
    })();
    await app.answerDialogs(stack);
    const asked = Date.now();
    await app.page.keyboard.press('Control+o');
    await work.opened();
    const opened = Date.now() - asked;
    await work.dismissCards();
    for (let z = 0; z < 30; z += 1) await work.press('PageDown');
    await expect(work.status).toContainText(`slice 31 of ${String(depth)}`);
    await work.press('End');
    await expect(work.status).toContainText(`slice ${String(depth)} of`);
    await expect.poll(() => work.drawn()).toBe(true);
    await work.stroke(await work.at(0.4, 0.4), await work.at(0.6, 0.5));
    await expect(work.saved).toHaveText('Saved');
    if (all) {
      await work.press('s');
      await expect(work.card('Slice segmented')).toBeVisible({ timeout: ENGINE_MS });
    }
    watching = false;
    await watch;
    const more = Math.round(most - empty);
    process.stdout.write(
      `${String(depth)} slices of ${String(SIDE)}²: opened after ${String(opened)} ms, ${String(more)} MiB above the empty app\n`,
    );
    expect(more).toBeLessThan(MOST_MIB);
    expect(app.problems).toEqual([]);
  } finally {
    await app.close();
    await rm(stack, { force: true });
    await home.remove();
  }
});
