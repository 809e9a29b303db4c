import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { Hand } from './bindings/hand';
import { cellScore } from './cell-score';
import { writePoor } from './degraded-sample';
import { allPages, type BytePicture } from './exported-mask';
import { mendingsOf, type Mending } from './mistakes';
import { dataFolder, ENGINE_MS, type Point, type Workspace } from './workspace';

const folder = join(dataFolder() ?? '', 'isbi2012');
const there = dataFolder() !== null && existsSync(join(folder, 'train-labels.tif'));

/** Slices from 1: corrected, and never corrected. */
const CORRECTED = [2, 6, 10];
const UNSEEN = { text: '13-16', first: 12, last: 16 };
const DEPTH = 16;
const STROKES = 15;
/** What the product promises on two cores with nothing else to do. */
const PROMISED_S = 300;
/** A busy machine takes longer over the same steps; the story's own limit ends it. */
const ROUND_MS = 600_000;

let home: Home;
let app: RunningApp;
let hand: Hand;
let work: Workspace;
let truth: BytePicture[];

/** Seconds since the stack was named, without those in which masks were exported only to be scored. */
class Clock {
  readonly #start = performance.now();
  #aside = 0;
  async aside<T>(what: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const result = await what();
    this.#aside += performance.now() - from;
    return result;
  }
  seconds(): number {
    return Math.round((performance.now() - this.#start - this.#aside) / 1000);
  }
}

const light = (): Locator => work.panel.getByRole('region', { name: 'At home here?' });
const inUse = (): Locator => work.models.filter({ hasText: 'in use' });

/** The mask of these slices as the window exports it; what is not segmented yet is segmented. */
async function exported(slices: string, name: string): Promise<BytePicture[]> {
  const dialog = app.page.getByRole('dialog', { name: 'Export' });
  await work.press('Control+e');
  await dialog.getByRole('button', { name: 'Some…' }).click();
  await dialog.getByRole('textbox').fill(slices);
  await expect(dialog).toContainText(/pages? (will be )?written/);
  await app.answerDialogs(join(home.folder, name));
  await dialog.getByRole('button', { name: 'Export…' }).click();
  await expect(work.card('Exported')).toContainText(name, { timeout: ENGINE_MS });
  await work.dismissCards();
  return allPages(join(home.folder, name));
}

/** V_Info of the slices that nobody corrects, their mean. */
async function score(name: string): Promise<number> {
  const masks = await exported(UNSEEN.text, name);
  const right = truth.slice(UNSEEN.first, UNSEEN.last);
  expect(masks).toHaveLength(right.length);
  const scores = masks.map((mask, i) => {
    const labels = right[i];
    if (labels === undefined) throw new Error('no truth');
    return cellScore(mask, labels);
  });
  return scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

/** What the versions that did not come into use would have given: nobody has to guess whether a gate was right. */
async function tellOfOthers(tell: (what: string) => void): Promise<void> {
  for (const [i, name] of ['general, fitted', 'general · 2'].entries()) {
    const other = work.models.filter({ hasText: name });
    const use = other.getByRole('button', { name: /^Use/ });
    if ((await use.count()) === 0) continue;
    await use.first().click();
    await expect(other).toContainText('in use');
    tell(`with ${name}: V_Info ${(await score(`other-${String(i)}.tif`)).toFixed(3)}`);
  }
}

async function turnTo(slice: number): Promise<void> {
  for (let turns = 0; turns < DEPTH; turns += 1) {
    const now = Number(/slice (\d+) of/.exec(await work.status.innerText())?.[1]);
    if (now === slice) return;
    await work.press(now < slice ? 'PageDown' : 'PageUp');
    await expect(work.status).not.toContainText(`slice ${String(now)} of`);
  }
}

/** Both brushes three pixels wide. */
async function takeNarrowBrushes(): Promise<void> {
  for (const tool of ['e', 'b']) {
    await work.press(tool);
    for (let presses = 0; presses < 12 && (await hand.size()) > 3; presses += 1)
      await work.press('[');
    expect(await hand.size()).toBe(3);
  }
  await work.press('2');
}

/** Where the picture's first pixel lies in the window, one image pixel a CSS pixel. */
async function origin(): Promise<Point> {
  await work.press('Control+1');
  await hand.settled();
  const middle = await work.at(0.5, 0.5);
  const pixel = await hand.pixel(middle);
  return { x: middle.x - pixel.x, y: middle.y - pixel.y };
}

/** The strokes of a list whose ends and middle are picture, not a panel that floats over it. */
function reachable(mendings: readonly Mending[], zero: Point): Promise<boolean[]> {
  return app.page.evaluate(
    (ways) =>
      ways.map((way) =>
        way.every(
          ({ x, y }) => document.elementFromPoint(x, y)?.closest('[role="application"]') != null,
        ),
      ),
    mendings.map(({ way }) => way.map(({ x, y }) => ({ x: x + zero.x, y: y + zero.y }))),
  );
}

async function draw({ kind, way }: Mending, zero: Point): Promise<void> {
  const { mouse } = app.page;
  const button = kind === 'missing' ? 'left' : 'right';
  const [first, ...rest] = way;
  if (first === undefined) return;
  await mouse.move(zero.x + first.x, zero.y + first.y);
  await mouse.down({ button });
  for (const [i, { x, y }] of rest.entries())
    if (i % 5 === 4 || i === rest.length - 1) await mouse.move(zero.x + x, zero.y + y);
  await mouse.up({ button });
}

/** 64 × 64 pixels; the grid of docs/metrics.md has walls where x or y is up to a multiple of 16. */
function grid(isWall: (x: number, y: number) => boolean, wall: number): BytePicture {
  const value = (i: number): number => (isWall(i % 64, Math.floor(i / 64)) ? wall : 255 - wall);
  return { width: 64, height: 64, bytes: Uint8Array.from({ length: 64 * 64 }, (_, i) => value(i)) };
}
const walls =
  (wide: number) =>
  (x: number, y: number): boolean =>
    x % 16 < wide || y % 16 < wide;

test('the score and the hand of these stories do what they say', () => {
  const right = grid(walls(2), 0);
  const opened = grid((x, y) => walls(2)(x, y) && !(x >> 1 === 8 && y >= 18 && y <= 31), 255);
  const parted = grid((x, y) => walls(2)(x, y) || (x === 24 && y >= 18 && y <= 31), 255);
  expect(cellScore(grid(walls(2), 255), right)).toBeCloseTo(1, 8);
  expect(cellScore(grid(walls(4), 255), right)).toBeCloseTo(0.895360534, 8);
  expect(cellScore(opened, right)).toBeCloseTo(0.984126984, 8);
  expect(cellScore(parted, right)).toBeCloseTo(0.987899845, 8);
  const [stroke, ...others] = mendingsOf(opened, right, STROKES);
  expect(others).toEqual([]);
  expect(stroke?.kind).toBe('missing');
  for (const { x } of stroke?.way ?? []) expect([16, 17]).toContain(x);
});

test.describe.serial('from an unknown stack to a better model', () => {
  test.skip(!there, 'the public ISBI 2012 stack is not here (MEMBRANA_DATA)');
  test.skip(
    process.env['MEMBRANA_STORIES'] !== 'all',
    'five minutes with both cores: asked for with MEMBRANA_STORIES=all',
  );
  test.beforeAll(async () => {
    home = await makeHome();
    truth = await allPages(join(folder, 'train-labels.tif'));
    const slices = await allPages(join(folder, 'train-volume.tif'));
    const clear = slices.slice(0, DEPTH).map(({ bytes }) => bytes);
    await writePoor(join(home.folder, 'unknown.tif'), clear);
  });
  test.afterAll(async () => {
    await app.close();
    await home.remove();
  });

  // What the models learn from in a fit or a round are pictures of another
  // tissue; the shipped model has learnt these slices clean, in no look like
  // this one. Of slices that it never learnt no truth is public.
  test('in five minutes: segment, fit, three slices corrected, retrained', async () => {
    const load = loadavg()[0] ?? 0;
    const clock = new Clock();
    const tell = (what: string): void => {
      process.stdout.write(`${String(clock.seconds()).padStart(4)} s  ${what}\n`);
    };
    app = await launchApp({ home, files: [join(home.folder, 'unknown.tif')] });
    hand = new Hand(app);
    work = hand.work;
    await work.opened();
    await work.dismissCards();
    tell('the stack is on the screen');
    await work.segment();
    tell('the first slice is segmented');
    await expect(
      app.page.getByRole('status', { name: 'How the model gets your slices' }),
    ).toContainText(/smoothed|evened out/);
    await expect(light()).toContainText(/Doubtful|Not at home/, { timeout: ENGINE_MS });
    tell('the light is measured');
    await app.picture('five-minutes-light');
    const first = await clock.aside(() => score('first.tif'));
    tell(`unseen slices at first: V_Info ${first.toFixed(3)}`);

    await light().getByRole('button', { name: 'Fit to this stack' }).click();
    const fitted = work.card(/^general, fitted (accepted|kept aside|is ready to try)$/);
    await expect(fitted).toBeVisible({ timeout: ROUND_MS });
    tell(`fit: ${(await fitted.innerText()).replaceAll(/\s+/g, ' ')}`);
    await app.picture('five-minutes-fitted');
    await work.dismissCards();
    const between = await clock.aside(() => score('fitted.tif'));
    tell(`unseen slices after the fit: V_Info ${between.toFixed(3)}`);

    for (const slice of CORRECTED) {
      await turnTo(slice);
      await work.segment();
      await work.dismissCards();
      await work.press('Control+1');
      if (slice === CORRECTED[0]) await takeNarrowBrushes();
      const mendings = await clock.aside(async () => {
        const [mask] = await exported(String(slice), `seen-${String(slice)}.tif`);
        const right = truth[slice - 1];
        if (mask === undefined || right === undefined) throw new Error('no mask');
        return mendingsOf(mask, right, STROKES);
      });
      const zero = await origin();
      const within = await reachable(mendings, zero);
      const strokes = mendings.filter((_, i) => within[i]);
      for (const stroke of strokes) await draw(stroke, zero);
      await expect(work.saved).toHaveText('Saved');
      await app.picture(`five-minutes-slice-${String(slice)}`);
      await work.press('Shift+Enter');
      await expect(app.page.getByText(`Slice ${String(slice)} confirmed.`)).toBeVisible();
      const missing = strokes.filter(({ kind }) => kind === 'missing').length;
      tell(
        `slice ${String(slice)}: ${String(missing)} walls drawn, ${String(strokes.length - missing)} wiped, ${String(mendings.length - strokes.length)} out of reach`,
      );
      expect(strokes.length).toBeGreaterThan(0);
    }
    await work.press('Control+t');
    const round = work.card(/ · \d+ (accepted|kept aside|is ready to try)$/);
    await expect(round).toBeVisible({ timeout: ROUND_MS });
    const verdict = await round.innerText();
    await app.picture('five-minutes-retrained');
    tell(`round: ${verdict.replaceAll(/\s+/g, ' ')}`);
    const seconds = clock.seconds();
    await work.dismissCards();

    const last = await clock.aside(() => score('last.tif'));
    tell(`unseen slices in the end: V_Info ${last.toFixed(3)}`);
    const used = (await inUse().innerText()).replaceAll(/\s+/g, ' ');
    tell(`in use: ${used}; load at the start ${load.toFixed(1)}`);
    await tellOfOthers(tell);
    // The version in use was accepted by its gate: nobody pressed "Use it".
    expect(used).toMatch(/general(, fitted| · \d+)/);
    expect(last).toBeGreaterThan(first);
    if (load < availableParallelism()) expect(seconds).toBeLessThanOrEqual(PROMISED_S);
    expect(app.problems).toEqual([]);
  });
});
