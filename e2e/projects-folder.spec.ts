import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home } from './app-driver';
import { Workspace } from './workspace';

const sample = resolve(import.meta.dirname, '..', 'resources', 'sample', 'vnc-sample.tif');

let home: Home;
test.beforeEach(async () => {
  home = await makeHome();
});
test.afterEach(() => home.remove());

test('a folder of new projects that can’t be used: another one is chosen, and the stack opens', async () => {
  await writeFile(home.projects, 'a file, where the folder should be');
  const elsewhere = join(home.folder, 'Other drive');
  await mkdir(elsewhere);
  const app = await launchApp({ home, files: [sample] });
  const work = new Workspace(app.page);
  const card = work.error('New projects need another folder');
  await expect(card).toBeVisible({ timeout: 60_000 });
  await expect(card).toContainText('a file is in its place');
  await expect(app.page.getByText(/^Opening/)).toHaveCount(0);
  await app.picture('projects-folder-refused');
  await app.answerDialogs(elsewhere);
  await card.getByRole('button', { name: 'Choose another folder for new projects…' }).click();
  await work.opened();
  await expect(work.saved).toHaveText('Saved');
  await expect(card).toHaveCount(0);
  await work.press('Control+,');
  await expect(app.page.getByRole('dialog')).toContainText('in Other drive');
  await app.picture('projects-folder-setting');
  await app.close();
});

test('a project on a disk that can only be read opens to look, and says why it can’t be painted', async () => {
  await mkdir(home.projects, { recursive: true });
  let mounted = true;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', home.projects], {
      stdio: 'ignore',
    });
  } catch {
    mounted = false;
  }
  test.skip(!mounted, 'a disk can only be mounted by root');
  try {
    const first = await launchApp({ home, files: [sample] });
    await new Workspace(first.page).opened();
    await first.close();
    execFileSync('mount', ['-o', 'remount,ro', home.projects]);
    const app = await launchApp({ home, files: [sample] });
    const work = new Workspace(app.page);
    await work.opened();
    await expect(work.saved).toHaveText('Read only');
    await expect(app.page.getByText('Its folder can’t be written to.')).toBeVisible();
    await work.press('b');
    await work.stroke(await work.at(0.4, 0.4), await work.at(0.6, 0.5));
    await app.picture('read-only-painting');
    await expect(app.page.getByText(/open for reading only/i).first()).toBeVisible();
    await app.close();
  } finally {
    execFileSync('umount', ['-l', home.projects]);
  }
});
