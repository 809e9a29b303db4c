import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { openProject } from '#main/project/project-store';
import {
  chooseMenu,
  drag,
  DrawTimes,
  Geometry,
  pictureBox,
  showOnly,
  startApp,
  type AppUnderTest,
  type Shown,
} from './painting/app-under-test';
import { readFrames, watchFrames } from './painting/frame-watch';
import { difference, paintNaively } from './painting/painted-check';
import { timeSwitches } from './painting/slice-switch';
import { writeStack } from './painting/stack-file';
import { strokePath, type Spot } from './painting/stroke-path';
import { hasDisplay, underVirtualDisplay } from './painting/virtual-display';
import { benchOptions } from './race/options';
import { median, printRows, quantile, type BenchRow } from './race/report';

const SIZE = 2048;
const SLICES = 32;
const RADIUS = 30;
/** Positions a second that are sent, and the least that must have arrived for the figures to count. */
const RATE = 160;
const LEAST_RATE = 120;
const STROKE_SECONDS = 5;
/** The first slice is painted fitted, the second pixel for pixel. */
const cases = [
  { name: 'fitted', menu: 'view.fit', z: 0 },
  { name: '1:1', menu: 'view.actualSize', z: 1 },
] as const;

interface Sample {
  /** Drawing done − dispatch of the oldest pointer event drawn. */
  readonly drawn: number[];
  readonly intervals: number[];
  /** Time stamp of that event → end of the frame. */
  readonly waits: number[];
}

const empty = (): Sample => ({ drawn: [], intervals: [], waits: [] });

async function readDrawn(page: Shown['page'], expression: string): Promise<number[]> {
  const times = DrawTimes.parse(await page.evaluate(expression));
  return times.flatMap(({ dispatched, done }) => (dispatched === null ? [] : [done - dispatched]));
}

/** One stroke; adds what is new since the last one to `sample`. */
async function stroke(
  under: AppUnderTest,
  shown: Shown,
  path: readonly Spot[],
  expression: string,
  sample: Sample,
): Promise<void> {
  await showOnly(under, shown, shown === under.app ? under.control : under.app);
  await shown.page.waitForTimeout(700);
  const before = await readDrawn(shown.page, expression);
  const framesBefore = await readFrames(shown.page);
  const seconds = await drag(under, shown, path, RATE);
  await shown.page.waitForTimeout(300);
  const rate = path.length / seconds;
  if (rate < LEAST_RATE)
    throw new Error(`only ${rate.toFixed(0)} positions a second could be sent: a busier machine`);
  const frames = await readFrames(shown.page);
  sample.drawn.push(...(await readDrawn(shown.page, expression)).slice(before.length));
  sample.intervals.push(...frames.intervals.slice(framesBefore.intervals.length));
  sample.waits.push(...frames.waits.slice(framesBefore.waits.length));
}

function rowsOf(name: string, ours: Sample, control: Sample): BenchRow[] {
  const figures = [
    ['draw p50', 'drawn', 0.5],
    ['draw p95', 'drawn', 0.95],
    ['frame interval p95', 'intervals', 0.95],
    ['time stamp to frame end p50', 'waits', 0.5],
    ['time stamp to frame end p95', 'waits', 0.95],
  ] as const;
  return figures.map(([what, of, share]) => {
    const [mine, peer] = [quantile(ours[of], share), quantile(control[of], share)];
    return {
      line: 'brush',
      case: `${what}, ${name}`,
      unit: 'ms',
      ours: mine,
      peer,
      peerName: 'page that fills a rectangle',
      ratio: peer / mine,
      threads: 1,
      samples: ours[of].length,
    };
  });
}

function rowOf(name: string, times: readonly number[]): BenchRow {
  const none = { peer: null, peerName: null, ratio: null, threads: 1 };
  const samples = times.length;
  return { line: 'brush', case: name, unit: 'ms', ours: median(times), ...none, samples };
}

async function chooseBrush({ app }: AppUnderTest): Promise<void> {
  // Two of the slider's steps around 60 px; it tells which size it means.
  const slider = app.page.getByRole('slider', { name: 'Size', exact: true });
  await slider.fill('0.738');
  const size = await slider.getAttribute('aria-valuetext');
  if (size?.startsWith(String(2 * RADIUS)) !== true)
    throw new Error(`the brush is ${size ?? 'unknown'} wide`);
}

async function measure(folder: string, rounds: number): Promise<BenchRow[]> {
  const stack = join(folder, 'stack.tif');
  await writeStack(stack, SIZE, SLICES);
  const under = await startApp(folder, stack);
  const { app, control } = under;
  const rows: BenchRow[] = [];
  const expected = cases.map(() => new Uint8Array(SIZE * SIZE));
  try {
    await showOnly(under, app, control);
    await app.page.waitForFunction('typeof membranaDrawing === "object"');
    const switches = await timeSwitches(app.page);
    await app.page.keyboard.press('Home');
    await chooseBrush(under);
    await watchFrames(app.page);
    await watchFrames(control.page);
    for (const [i, { name, menu, z }] of cases.entries()) {
      await showOnly(under, app, control);
      if (z > 0) await app.page.keyboard.press('PageDown');
      await chooseMenu(under, menu);
      await app.page.waitForTimeout(1500);
      const [ours, theirs] = [empty(), empty()];
      const box = await pictureBox(under);
      for (let round = 0; round < rounds; round += 1) {
        const label = round % 2 === 0 ? MEMBRANE : INTERIOR;
        await app.page.keyboard.press(String(label));
        // Backwards, so that no stroke begins on a card in the lower right corner.
        const path = strokePath(box, STROKE_SECONDS, RATE, -0.2 * round);
        const geometry = Geometry.parse(await app.page.evaluate('membranaDrawing.geometry()'));
        await stroke(under, app, path, 'membranaDrawing.timings()', ours);
        const { viewWidth, viewHeight, zoom, centre } = geometry;
        const points = path.map(({ x, y }) => ({
          x: centre.x + (x - box.x - viewWidth / 2) / zoom,
          y: centre.y + (y - box.y - viewHeight / 2) / zoom,
        }));
        paintNaively(expected[i] ?? new Uint8Array(), SIZE, points, RADIUS, label);
        await stroke(under, control, path, 'drawnTimes()', theirs);
      }
      rows.push(...rowsOf(name, ours, theirs));
    }
    rows.push(rowOf('slice switch, cold', switches.cold));
    rows.push(rowOf('slice switch, warm', switches.warm));
    await app.page.waitForFunction('membranaDrawing.saved()');
  } finally {
    await under.electron.close();
  }
  await check(join(folder, 'projects'), expected);
  return rows;
}

/** What is on the disk is what the path says, pixel by pixel; throws where it is not. */
async function check(projects: string, expected: readonly Uint8Array[]): Promise<void> {
  const [name = ''] = readdirSync(projects);
  const project = await openProject(join(projects, name), { readOnlyIfLocked: false });
  try {
    for (const [i, { name: shown, z }] of cases.entries()) {
      const { painted, missing, extra, other } = difference(
        await project.labels.slice(z),
        expected[i] ?? new Uint8Array(),
      );
      process.stderr.write(
        `${shown}: ${painted} pixels painted, ${missing} missing, ${extra} too many, ${other} with another label\n`,
      );
      if (painted === 0 || missing + extra + other > 0)
        throw new Error('the painted pixels are not the path sent');
    }
  } finally {
    await project.close();
  }
}

const options = benchOptions();
if (!hasDisplay()) process.exitCode = underVirtualDisplay();
else {
  const folder = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  try {
    printRows(await measure(folder, options.rounds === 3 ? 1 : 4));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
