import { execFileSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { LabelReader } from './label-reader';
import { Workspace } from './workspace';

const sample = resolve(import.meta.dirname, '..', 'resources', 'sample', 'vnc-sample.tif');

let home: Home;
let mounted = false;
const fillers: string[] = [];
test.beforeAll(async () => {
  home = await makeHome();
  await mkdir(home.projects, { recursive: true });
  try {
    const options = ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', home.projects];
    execFileSync('mount', options, { stdio: 'ignore' });
    mounted = true;
  } catch {
    mounted = false;
  }
});
test.afterAll(async () => {
  if (mounted) execFileSync('umount', ['-l', home.projects]);
  await home.remove();
});

/** A file that takes what is free. */
async function fill(): Promise<void> {
  const path = join(home.projects, `someone-elses-${String(fillers.length)}.data`);
  fillers.push(path);
  const { bavail, bsize } = await statfs(home.projects);
  await writeFile(path, Buffer.alloc(bavail * bsize, 1)).catch(() => undefined);
}

async function strokes(work: Workspace, from: number, count: number): Promise<void> {
  for (let i = from; i < from + count; i += 1) {
    const at = await work.at(0.25 + (i % 10) * 0.05, 0.25 + Math.floor(i / 10) * 0.05);
    await work.stroke(at, { x: at.x + 12, y: at.y + 8 }, 'left', 2);
  }
}

test('a disk that fills up while painting costs no stroke', async () => {
  test.skip(!mounted, 'a disk of a known size can only be mounted by root');
  const app: RunningApp = await launchApp({ home, files: [sample] });
  const work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
  for (let i = 0; i < 4; i += 1) await work.press('[');
  await strokes(work, 0, 10);
  await expect(work.saved).toHaveText('Saved');

  await fill();
  let painted = 10;
  while (painted < 90 && !(await work.saved.innerText()).includes('Not saved')) {
    await strokes(work, painted, 10);
    painted += 10;
    // Refill what the reserve gave back.
    await fill();
  }
  await expect(work.saved).toContainText('Not saved');
  await strokes(work, painted, 10);
  painted += 10;
  const card = work.error(/disk is full/i);
  await expect(card.first()).toContainText(/Free some space/);
  await app.picture('disk-full');
  const shown = await work.look();

  // Closing now would lose them: the window asks, and stays when told to.
  const asked = await app.electron.evaluate(async ({ BrowserWindow, dialog }) => {
    const question = new Promise<string>((done) => {
      dialog.showMessageBoxSync = (...given: unknown[]) => {
        done(JSON.stringify(given.at(-1)));
        return 0;
      };
    });
    BrowserWindow.getAllWindows()[0]?.close();
    return question;
  });
  expect(asked).toContain('The last strokes are not on disk yet');
  await expect(work.saved).toContainText('Not saved');

  for (const filler of fillers) await rm(filler);
  await work.saved.click();
  await expect(work.saved).toHaveText('Saved', { timeout: 60_000 });
  await work.dismissCards();
  const labels = await LabelReader.open(app.page);
  expect(labels.lastSequence).toBe(painted);
  const kept = await labels.slice(0);
  expect((await work.look()).tinted).toBeCloseTo(shown.tinted, 3);
  await app.picture('disk-free-again');
  await app.close();

  const again = await launchApp({ home, files: [sample] });
  await new Workspace(again.page).opened();
  const found = await (await LabelReader.open(again.page)).slice(0);
  expect(Buffer.compare(found, kept)).toBe(0);
  // A window closed in the breath of a stroke still saves it.
  const last = new Workspace(again.page);
  await strokes(last, painted, 3);
  const closed = again.page.waitForEvent('close');
  await again.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });
  await closed;
  await again.electron.waitForEvent('close');
  const third = await launchApp({ home, files: [sample] });
  await new Workspace(third.page).opened();
  expect((await LabelReader.open(third.page)).lastSequence).toBe(painted + 3);
  await third.close();
});
