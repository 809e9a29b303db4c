import { expect, test, type Locator } from '@playwright/test';
import { appendFile, copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { accessibilityFaults } from './axe';
import { Workspace } from './workspace';

const root = resolve(import.meta.dirname, '..');
const first = join(root, 'resources', 'sample', 'vnc-sample.tif');

/** The same tissue in another file. */
const second = (): string => join(home.folder, 'second.tif');

let home: Home;
let app: RunningApp;
let work: Workspace;

const section = (): Locator => app.page.getByRole('region', { name: 'Stacks and labels' });
const row = (name: string): Locator =>
  section()
    .getByRole('listitem')
    .filter({ has: app.page.getByRole('button', { name: `Show ${name}`, exact: true }) })
    .last();
/** As the button of a layer is called while there are two stacks. */
const of = (layer: string, stack = 'vnc-sample.tif'): string => `${layer} of ${stack}`;
const show = (name: string): Locator =>
  section().getByRole('button', { name: `Show ${name}`, exact: true });
const shown = async (name: string): Promise<void> => {
  await expect(show(name)).toHaveAttribute('aria-pressed', 'true');
};

async function launch(): Promise<void> {
  app = await launchApp({ home, files: [first] });
  work = new Workspace(app.page);
  await work.opened();
  await work.dismissCards();
}

/** A stroke across the middle of the picture. */
async function paint(y: number): Promise<void> {
  await work.press('b');
  await work.stroke(await work.at(0.3, y), await work.at(0.6, y));
  await expect(work.saved).toHaveText('Saved');
}

async function rename(name: string): Promise<void> {
  const field = section().getByRole('textbox', { name: /^Rename/ });
  await field.fill(name);
  await field.press('Enter');
}

/** How much of the picture the labels tint. */
const tinted = async (): Promise<number> => (await work.look()).tinted;

test.describe.serial('two stacks and three layers of labels in one project', () => {
  test.beforeAll(async () => {
    home = await makeHome();
    await copyFile(first, second());
    await appendFile(second(), 'another file');
    await launch();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('layers and a stack are added, and each is painted in', async () => {
    await shown('Labels');
    expect(await tinted()).toBeLessThan(0.001);
    await paint(0.3);
    const painted = await tinted();
    expect(painted).toBeGreaterThan(0.001);

    await section().getByRole('button', { name: 'Add labels' }).click();
    await rename('Mitochondria');
    await shown('Mitochondria');
    await expect.poll(tinted).toBeLessThan(0.001);
    await paint(0.5);

    await app.answerDialogs(second());
    await section().getByRole('button', { name: 'Add a stack' }).click();
    await shown('second.tif');
    await work.opened();
    await paint(0.6);
    await app.picture('layers-two-stacks');

    await show('vnc-sample.tif').click();
    await shown('vnc-sample.tif');
    await shown(of('Labels'));
    await expect.poll(tinted).toBeCloseTo(painted, 2);
  });

  test('undo goes through them, one after another, and redo comes back', async () => {
    await work.press('Control+z');
    await shown('second.tif');
    await expect(work.saved).toHaveText('Saved');
    await work.press('Control+z');
    await shown('vnc-sample.tif');
    await expect(show('second.tif')).toHaveCount(0);
    await work.press('Control+z');
    await shown('Mitochondria');
    await work.press('Control+y');
    await expect(work.saved).toHaveText('Saved');
    await work.press('Control+y');
    await expect(show('second.tif')).toHaveCount(1);
    await work.press('Control+y');
    await shown('second.tif');
    await expect(work.saved).toHaveText('Saved');
  });

  test('a layer is hidden and comes back; one is removed and comes back with its labels', async () => {
    await show('vnc-sample.tif').click();
    await shown(of('Labels'));
    await section()
      .getByRole('button', { name: `Hide ${of('Mitochondria')}`, exact: true })
      .click();
    await expect(row(of('Mitochondria'))).toContainText('hidden');
    await expect(show(of('Mitochondria'))).toBeDisabled();
    await section()
      .getByRole('button', { name: `Bring ${of('Mitochondria')} back` })
      .click();
    await show(of('Mitochondria')).click();
    await shown(of('Mitochondria'));
    const painted = await tinted();
    expect(painted).toBeGreaterThan(0.001);
    await section()
      .getByRole('button', { name: `Remove ${of('Mitochondria')}`, exact: true })
      .click();
    await shown(of('Labels'));
    await expect(show(of('Mitochondria'))).toHaveCount(0);
    await work.press('Control+z');
    await expect(show(of('Mitochondria'))).toHaveCount(1);
    await show(of('Mitochondria')).click();
    await shown(of('Mitochondria'));
    await expect.poll(tinted).toBeCloseTo(painted, 2);
    await app.picture('layers-back');
  });

  test('a copy has the same labels', async () => {
    const painted = await tinted();
    await section()
      .getByRole('button', { name: `Duplicate ${of('Mitochondria')}`, exact: true })
      .click();
    await shown(of('Mitochondria copy'));
    await expect.poll(tinted).toBeCloseTo(painted, 2);
    await section()
      .getByRole('button', { name: `Remove ${of('Mitochondria copy')}`, exact: true })
      .click();
    await expect(show(of('Mitochondria copy'))).toHaveCount(0);
    await section()
      .getByText(/^Removed \(/)
      .click();
    await app.picture('layers-removed');
    await section().getByRole('button', { name: 'List Mitochondria copy again' }).click();
    await show(of('Mitochondria copy')).click();
    await shown(of('Mitochondria copy'));
    await expect.poll(tinted).toBeCloseTo(painted, 2);
    await work.press('Control+z');
    await expect(show(of('Mitochondria copy'))).toHaveCount(0);
  });

  test('a stack has a name of the user’s own, which undo takes back', async () => {
    await show('vnc-sample.tif').click();
    await shown('vnc-sample.tif');
    await show('vnc-sample.tif').dblclick();
    await rename('Larva 2');
    await expect(show('Larva 2')).toHaveCount(1);
    await work.press('Control+z');
    await expect(show('vnc-sample.tif')).toHaveCount(1);
  });

  test('the section can be used by everybody, in both themes and a small window', async () => {
    expect(await accessibilityFaults(app.page)).toEqual([]);
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(1100, 700);
    });
    await app.picture('layers-small');
    await app.page.emulateMedia({ colorScheme: 'dark' });
    await app.page.waitForTimeout(500);
    await app.picture('layers-dark');
  });

  test('after a restart everything is as it was, and undo reaches back', async () => {
    await show('second.tif').click();
    await shown('second.tif');
    await work.dismissCards();
    const far = await tinted();
    await app.close();
    await launch();
    await shown('vnc-sample.tif');
    await show('second.tif').click();
    await shown('second.tif');
    await expect.poll(tinted).toBeCloseTo(far, 2);
    for (let n = 0; n < 30; n += 1) {
      await work.press('Control+z');
      await expect(work.saved).toHaveText('Saved');
      if (
        (await section()
          .getByRole('button', { name: /^Show / })
          .count()) === 2
      )
        break;
    }
    await shown('Labels');
    expect(app.problems).toEqual([]);
  });
});
