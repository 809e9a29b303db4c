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
import { makeScrolledProject, PART, SIZE } from './scrolling/scrolled-project';
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
/** What the app has to keep to, slices a second. */
const aims = { idle: 55, training: 45 };

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

function report(when: keyof typeof aims, unseen: Scrolled, again: Scrolled): void {
  const verdict = again.complete >= aims[when] ? 'met   ' : 'MISSED';
  process.stderr.write(
    `${verdict} ${again.complete.toFixed(1)} complete slices a second ${when} (aim ${aims[when]} of ${RATE}), unseen ones ${unseen.complete.toFixed(1)}\n`,
  );
}

async function compare(
  under: AppUnderTest,
  when: keyof typeof aims,
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

async function measure(home: string): Promise<BenchRow[]> {
  const project = await makeScrolledProject(home, 'none');
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
    rows.push(switchRow('slice switch, cold', cold), switchRow('slice switch, warm', warm));
    await under.app.page.keyboard.press('Home');
    for (let i = 0; i < PART; i += 1) await under.app.page.keyboard.press('PageDown');
    const steps = await startTraining(under);
    const before = await steps();
    rows.push(...(await compare(under, 'training', app, peers)));
    const done = (await steps()) - before;
    process.stderr.write(`${done} steps of training meanwhile\n`);
    if (done < 1) throw new Error('No training ran beside the scrolling.');
    return rows;
  } finally {
    // Whoever is asked whether to lose the training says yes.
    await under.electron.evaluate(({ dialog }) => {
      dialog.showMessageBoxSync = () => 1;
    });
    await under.electron.close();
  }
}

if (!hasDisplay()) process.exitCode = underVirtualDisplay();
else {
  const home = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  try {
    printRows(await measure(home));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
