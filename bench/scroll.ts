import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  Geometry,
  openEmptyWindow,
  showOnly,
  startApp,
  type AppUnderTest,
} from './painting/app-under-test';
import { hasDisplay, underVirtualDisplay } from './painting/virtual-display';
import { median, printRows, type BenchRow } from './race/report';
import { becomeSeadragon, openSeadragon, type SeadragonMode } from './scrolling/openseadragon-page';
import { becomeFlipControl } from './scrolling/picture-pages';
import { backAndForth, RATE, type ScrollKey } from './scrolling/scroll-keys';
import { napariRows } from './scrolling/napari-peer';
import {
  makeScrolledProject,
  PART,
  SIZE,
  stackOf,
  type Compression,
} from './scrolling/scrolled-project';
import {
  scroll,
  scrollRows,
  type Scrolled,
  type ScrolledSide,
  visit,
} from './scrolling/shown-slices';
import { timeSwitches } from './scrolling/slice-switch';
import { ENDLESS, startTraining } from './scrolling/training-beside';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    peers: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    threads: { type: 'string' },
    base: { type: 'string' },
  },
});
const seconds = values.quick ? 3 : Number(values.seconds);
const CONTROL = 'page that draws a picture';
/** What the app has to keep to: slices a second, of those that nobody has seen too; ms of a cold switch. */
const aims = { idle: 55, training: 45, unseen: 30, cold: 40 };
type When = 'idle' | 'training';

/** Windows that are compared with the app, each with its pictures ready. */
async function openPeers(under: AppUnderTest): Promise<ScrolledSide[]> {
  const { zoom } = Geometry.parse(await under.app.page.evaluate('membranaDrawing.geometry()'));
  await showOnly(under, under.control);
  await becomeFlipControl(under.control.page, SIZE / 2, Math.round(SIZE * zoom));
  const sides = [{ name: CONTROL, shown: under.control, drawings: 'shownSlices()' }];
  if (!values.peers) return sides;
  const { name, script } = openSeadragon();
  for (const mode of ['pages', 'preloaded'] satisfies SeadragonMode[]) {
    const shown = await openEmptyWindow(under.electron, under.app.window, 'about:blank');
    await showOnly(under, shown);
    await becomeSeadragon(shown.page, script, SIZE, mode);
    sides.push({ name: `${name}, ${mode}`, shown, drawings: 'shownSlices()' });
  }
  return sides;
}

const keysDown = new Array<ScrollKey>(PART - 1).fill('PageDown');

/** From slice `z` on over slices that nobody has seen, and then, when each has come up once, back and forth over the same ones. */
async function scrollApp(
  under: AppUnderTest,
  side: ScrolledSide,
  z: number,
): Promise<[Scrolled, Scrolled]> {
  await showOnly(under, side.shown);
  const first = await scroll(under, side, keysDown);
  await side.shown.page.waitForTimeout(1500);
  await visit(side, z + PART - 1, new Array<ScrollKey>(PART - 1).fill('PageUp'));
  await side.shown.page.waitForTimeout(500);
  return [first, await scroll(under, side, backAndForth(PART, seconds))];
}

function tell(met: boolean, what: string): void {
  process.stderr.write(`${met ? 'met   ' : 'MISSED'} ${what}\n`);
}

function report(when: When, unseen: Scrolled, again: Scrolled): void {
  tell(
    again.complete >= aims[when],
    `${again.complete.toFixed(1)} complete slices a second ${when} (aim ${aims[when]} of ${RATE})`,
  );
  tell(
    when === 'training' || unseen.complete >= aims.unseen,
    `${unseen.complete.toFixed(1)} complete slices a second ${when} that nobody has seen (aim ${aims.unseen} when idle)`,
  );
}

async function compare(
  under: AppUnderTest,
  when: When,
  app: ScrolledSide,
  peers: readonly ScrolledSide[],
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const [unseen, again] = await scrollApp(under, app, when === 'idle' ? 0 : PART);
  report(when, unseen, again);
  for (const peer of peers) {
    const theirs = await scroll(under, peer, backAndForth(PART, seconds));
    const title = `${when}, beside ${peer.name}`;
    rows.push(...scrollRows(title, again, theirs, peer.name));
    if (peer.name === CONTROL)
      rows.push(...scrollRows(`${when}, unseen slices`, unseen, theirs, peer.name));
  }
  return rows;
}

function switchRow(name: string, times: readonly number[]): BenchRow {
  const none = { peer: null, peerName: null, ratio: null, threads: 1 };
  const row = { line: 'scroll', case: name, unit: 'ms', ours: median(times) };
  return { ...row, ...none, samples: times.length };
}

/** Unseen slices and switches of a stack, and of one without compression everything else. */
async function measure(home: string, compression: Compression): Promise<BenchRow[]> {
  const project = await makeScrolledProject(home, compression);
  const under = await startApp(home, project, ENDLESS);
  try {
    const app = { name: 'ours', shown: under.app, drawings: 'membranaDrawing.timings()' };
    await showOnly(under, under.app);
    await under.app.page.getByRole('application').focus();
    if (await under.app.page.getByText('no prediction yet').isVisible())
      throw new Error('The project was to have a prediction on every slice.');
    await under.app.page.waitForTimeout(1500);
    const peers = await openPeers(under);
    const rows = await compare(under, 'idle', app, peers);
    await showOnly(under, under.app);
    const { cold, warm } = await timeSwitches(under.app.page);
    tell(
      median(cold) <= aims.cold,
      `${median(cold).toFixed(1)} ms a cold switch (aim ${aims.cold})`,
    );
    rows.push(switchRow('slice switch, cold', cold), switchRow('slice switch, warm', warm));
    if (values.peers) rows.push(...napariRows(stackOf(home), PART, rows));
    if (compression === 'none') rows.push(...(await whileTraining(under, app, peers)));
    return rows.map((row) => ({ ...row, case: `${row.case}, ${compressionName(compression)}` }));
  } finally {
    // Whoever is asked whether to lose the training says yes.
    await under.electron.evaluate(({ dialog }) => {
      dialog.showMessageBoxSync = () => 1;
    });
    await under.electron.close();
  }
}

async function whileTraining(
  under: AppUnderTest,
  app: ScrolledSide,
  peers: readonly ScrolledSide[],
): Promise<BenchRow[]> {
  await under.app.page.keyboard.press('Home');
  for (let i = 0; i < PART; i += 1) await under.app.page.keyboard.press('PageDown');
  const steps = await startTraining(under);
  const before = await steps();
  const rows = await compare(under, 'training', app, peers);
  const done = (await steps()) - before;
  process.stderr.write(`${done} steps of training meanwhile\n`);
  if (done < 1) throw new Error('No training ran beside the scrolling.');
  return rows;
}

function compressionName(compression: Compression): string {
  return compression === 'none' ? 'uncompressed' : compression;
}

if (!hasDisplay()) process.exitCode = underVirtualDisplay();
else {
  const rows: BenchRow[] = [];
  // Deflate first: a training that does not begin costs the rows of nothing else.
  for (const compression of ['deflate', 'none'] satisfies Compression[]) {
    const home = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
    try {
      process.stderr.write(`${compressionName(compression)}:\n`);
      rows.push(...(await measure(home, compression)));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  printRows(rows);
}
