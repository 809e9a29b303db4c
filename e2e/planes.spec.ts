import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { accessibilityFaults } from './axe';
import { writeTiff } from './bad-files';
import { LabelReader } from './label-reader';
import { layoutFaults } from './layout-faults';
import { Screen } from './screen';
import { Workspace, type Point } from './workspace';

const size = { width: 300, height: 200, pages: 40 };
/** Another value for every two voxels that lie side by side. */
const value = (x: number, y: number, z: number): number => (x * 3 + y * 7 + z * 29) % 251;
const MEMBRANE = 2;

interface Voxel {
  readonly x: number;
  readonly y: number;
  /** From 1, as a person counts. */
  readonly slice: number;
}

test.describe.serial('planes at right angles to the slices', () => {
  let home: Home;
  let app: RunningApp;
  let work: Workspace;
  let screen: Screen;
  let stack: string;

  const plane = (name: 'XZ' | 'YZ'): Locator =>
    app.page.getByRole('application', { name: new RegExp(`^${name} plane`) });
  const switchTo = (name: 'XY' | 'XZ' | 'YZ' | 'All'): Promise<void> =>
    app.page
      .getByRole('group', { name: 'Planes' })
      .getByRole('button', { name, exact: true })
      .click();
  const facts = (): Locator => app.page.getByRole('region', { name: 'Voxel at the crosshair' });
  /** CSS pixels of the window, for a point of a pane as shares of its sides. */
  const at = async (pane: Locator, x: number, y: number): Promise<Point> => {
    const box = await pane.boundingBox();
    if (box === null) throw new Error('the pane is not on the screen');
    return { x: Math.round(box.x + x * box.width), y: Math.round(box.y + y * box.height) };
  };
  /** The voxel under a place of the window, as the status bar tells it; its raw value is the file's. */
  const voxel = async (place: Point): Promise<Voxel> => {
    await work.point(place);
    const found = async (): Promise<Voxel | null> => {
      const told = /x\s*(\d+)\s*y\s*(\d+)\s*slice\s*(\d+)[\s\S]*raw\s*(\d+)/.exec(
        await work.status.innerText(),
      );
      if (told === null) return null;
      const [x = 0, y = 0, slice = 0, raw = 0] = told.slice(1).map(Number);
      return raw === value(x, y, slice - 1) ? { x, y, slice } : null;
    };
    await expect.poll(found).not.toBeNull();
    return (await found()) ?? { x: -1, y: -1, slice: -1 };
  };
  /** Every voxel that carries a label on the disk. */
  const painted = async (): Promise<Voxel[]> => {
    await expect(work.saved).toHaveText('Saved');
    const reader = await LabelReader.open(app.page);
    const all: Voxel[] = [];
    for (let z = 0; z < size.pages; z += 1) {
      const labels = await reader.slice(z);
      labels.forEach((label, i) => {
        if (label === MEMBRANE)
          all.push({ x: i % size.width, y: Math.floor(i / size.width), slice: z + 1 });
      });
    }
    return all;
  };
  const slicesOf = (voxels: readonly Voxel[]): number[] =>
    [...new Set(voxels.map(({ slice }) => slice))].sort((a, b) => a - b);

  test.beforeAll(async () => {
    home = await makeHome();
    stack = await writeTiff(join(home.folder, 'block.tif'), { ...size, value });
    app = await launchApp({ home, files: [stack] });
    work = new Workspace(app.page);
    screen = await Screen.of(app.page);
    await screen.show({ width: 1440, height: 900 });
    await work.opened();
    await work.dismissCards();
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  test('Z cuts the stack along its rows, with the voxels of the file, as cubes while nobody knows better', async () => {
    await work.press('z');
    await expect(plane('XZ')).toBeVisible();
    await expect(plane('XZ')).toBeFocused();
    await expect(work.picture).toBeHidden();
    await expect(plane('XZ')).toHaveAccessibleName('XZ plane, y 100 of 200');
    await expect(app.page.getByText('voxels are drawn as cubes')).toBeVisible();
    const middle = await voxel(await at(plane('XZ'), 0.5, 0.5));
    expect([middle.y, Math.abs(middle.x - 150) <= 1, Math.abs(middle.slice - 21) <= 1]).toEqual([
      100,
      true,
      true,
    ]);
    await app.picture('planes-cubes');
  });

  test('told how thick slices are, it draws them so', async () => {
    const middle = await at(plane('XZ'), 0.5, 0.5);
    const below = { x: middle.x, y: middle.y + 40 };
    const cubes = (await voxel(below)).slice - (await voxel(middle)).slice;
    await app.page.getByRole('button', { name: 'Tell it…' }).click();
    const card = app.page.getByRole('region', { name: 'Notices' });
    await card.getByLabel('Pixel size').fill('8');
    await card.getByLabel('Slice thickness').fill('40');
    await card.getByRole('button', { name: 'Save' }).click();
    await expect(app.page.getByText('voxels are drawn as cubes')).toBeHidden();
    const thick = (await voxel(below)).slice - (await voxel(middle)).slice;
    expect(cubes).toBeGreaterThanOrEqual(8);
    expect(thick).toBeLessThan(cubes / 2);
    await expect(app.page.getByRole('img', { name: /^Scale/ })).toBeVisible();
  });

  test('a stroke there is on every slice that it crosses, at the right voxels, and one step', async () => {
    await app.page.keyboard.press('b');
    const from = await at(plane('XZ'), 0.45, 0.35);
    const to = await at(plane('XZ'), 0.55, 0.65);
    const [first, last] = [await voxel(from), await voxel(to)];
    await work.stroke(from, to);
    await work.point(to);
    await expect(work.status).toContainText('membrane, painted');
    const voxels = await painted();
    expect(new Set(voxels.map(({ y }) => y))).toEqual(new Set([100]));
    const slices = slicesOf(voxels);
    for (let slice = first.slice; slice <= last.slice; slice += 1) expect(slices).toContain(slice);
    expect(voxels).toContainEqual(first);
    expect(voxels).toContainEqual(last);
    await app.picture('planes-painted-xz');

    await app.page.keyboard.press('Control+z');
    expect(await painted()).toEqual([]);
    await expect(plane('XZ')).toHaveAccessibleName(/y 100 /);
    await app.page.keyboard.press('Control+y');
    expect(await painted()).toEqual(voxels);

    // And so it shows in XY: in the slice where the stroke ended.
    await switchTo('XY');
    await work.press('Home');
    for (let slice = 1; slice < last.slice; slice += 1) await work.press('PageDown');
    await expect(work.status).toContainText(`slice ${String(last.slice)} of 40`);
    const box = await work.picture.boundingBox();
    if (box === null) throw new Error('no picture');
    const zoom = Math.min(box.width / size.width, box.height / size.height) * 0.97;
    await work.point({
      x: Math.round(box.x + box.width / 2 + (last.x + 0.5 - size.width / 2) * zoom),
      y: Math.round(box.y + box.height / 2 + (100.5 - size.height / 2) * zoom),
    });
    await expect(work.status).toContainText(`x ${String(last.x)} y 100`);
    await expect(work.status).toContainText('membrane, painted');
  });

  test('the eraser takes it away, the fill says where it works', async () => {
    await switchTo('XZ');
    const before = await painted();
    await app.page.keyboard.press('Shift+e');
    await app.page.keyboard.press('e');
    const [from, to] = [await at(plane('XZ'), 0.48, 0.5), await at(plane('XZ'), 0.52, 0.5)];
    await work.stroke(from, to);
    const after = await painted();
    expect(after.length).toBeLessThan(before.length);
    expect(after.length).toBeGreaterThan(0);
    await app.page.keyboard.press('Control+z');
    expect((await painted()).length).toBe(before.length);
    await app.page.keyboard.press('f');
    await expect(app.page.getByText(/^This works in XY/)).toBeVisible();
    await app.page.keyboard.press('b');
    expect(app.problems).toEqual([]);
  });

  test('four panes cross in one point: the wheel, a middle click and the arrows move it', async () => {
    await app.page.keyboard.press('Shift+z');
    await expect(work.picture).toBeVisible();
    await expect(plane('YZ')).toBeVisible();
    await expect(facts()).toContainText('Slices are 5 times as thick');
    const xz = await at(plane('XZ'), 0.5, 0.2);
    await app.page.mouse.move(xz.x, xz.y);
    await app.page.mouse.wheel(0, 100);
    await expect(plane('XZ')).toHaveAccessibleName(/y 101 /);
    const there = await work.at(0.6, 0.4);
    await app.page.mouse.click(there.x, there.y, { button: 'middle' });
    await work.point(there);
    const told = /x\s*(\d+)\s*y\s*(\d+)/.exec(await work.status.innerText());
    await expect(plane('YZ')).toHaveAccessibleName(new RegExp(`x ${String(told?.[1])} of`));
    await expect(plane('XZ')).toHaveAccessibleName(new RegExp(`y ${String(told?.[2])} of`));
    const x = Number(told?.[1]);
    await app.page.keyboard.press('ArrowRight');
    await expect(plane('YZ')).toHaveAccessibleName(new RegExp(`x ${String(x + 1)} of`));
    const slice = Number(/slice (\d+) of/.exec(await work.status.innerText())?.[1]);
    const raw = value(x + 1, Number(told?.[2]), slice - 1);
    await expect(facts()).toContainText(new RegExp(`raw value\\s*${String(raw)}`));
    // Z goes to the next pane, and what keys do is done there.
    await app.page.keyboard.press('z');
    await expect(plane('XZ')).toBeFocused();
    await app.page.keyboard.press('PageDown');
    await expect(plane('XZ')).toHaveAccessibleName(
      new RegExp(`y ${String(Number(told?.[2]) + 1)} of`),
    );
    await app.page.keyboard.press('z');
    await app.page.keyboard.press('ArrowDown');
    await expect(plane('XZ')).toHaveAccessibleName(
      new RegExp(`y ${String(Number(told?.[2]) + 2)} of`),
    );
  });

  test('a stroke in YZ shows in all panes, saved once', async () => {
    const before = await painted();
    const from = await at(plane('YZ'), 0.5, 0.3);
    const to = await at(plane('YZ'), 0.55, 0.5);
    const last = await voxel(to);
    await work.stroke(from, to);
    await work.point(to);
    await expect(work.status).toContainText('membrane, painted');
    const added = (await painted()).filter(
      (one) => !before.some(({ x, y, slice }) => x === one.x && y === one.y && slice === one.slice),
    );
    expect(new Set(added.map(({ x }) => x))).toEqual(new Set([last.x]));
    expect(added).toContainEqual(last);
    await app.page.mouse.click(to.x, to.y, { button: 'middle' });
    await expect(facts()).toContainText('membrane, painted');
  });

  test('looks right, light and dark, on a desk and on a small laptop', async () => {
    const faults: string[] = [];
    for (const at of [
      { width: 1440, height: 900 },
      { width: 1100, height: 700 },
      { width: 960, height: 600 },
    ]) {
      await screen.show(at);
      for (const theme of ['light', 'dark'] as const) {
        await screen.theme(theme);
        for (const name of ['All', 'XZ', 'YZ'] as const) {
          await switchTo(name);
          await app.page.waitForTimeout(300);
          await app.picture(`planes-${name}-${theme}-${String(at.width)}`);
          for (const fault of await layoutFaults(app.page))
            faults.push(`${name} ${String(at.width)} ${fault}`);
          for (const fault of await accessibilityFaults(app.page))
            faults.push(`${name} ${theme} ${String(at.width)} ${fault}`);
        }
      }
    }
    expect(faults).toEqual([]);
    await screen.theme('light');
    await screen.show({ width: 1440, height: 900 });
    await switchTo('All');
  });

  test('come back as they were left, with what was painted', async () => {
    const voxels = await painted();
    const name = await plane('YZ').getAttribute('aria-label');
    // What is looked at is kept a moment later.
    await app.page.waitForTimeout(400);
    expect(app.problems).toEqual([]);
    await app.close();
    app = await launchApp({ home, files: [stack] });
    work = new Workspace(app.page);
    await work.opened();
    await expect(plane('YZ')).toHaveAccessibleName(String(name));
    await expect(facts()).toContainText('Slices are 5 times as thick');
    expect(await painted()).toEqual(voxels);
    expect(app.problems).toEqual([]);
  });
});
