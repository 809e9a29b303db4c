import { z } from 'zod';
import { allSaved, chooseMenu, pictureBox, showOnly, type AppUnderTest } from './app-under-test';
import { slopeOf } from '../race/slope';
import type { BenchRow } from '../race/report';

/** Strokes between two looks at the memory, and those that don't count: caches fill. */
const EVERY = 250;
const SETTLED_SHARE = 0.2;
/** A stroke that others cover completely is none. */
const LEAST_KEPT = 0.9;

const Heap = z.object({ usedSize: z.number() });

interface MemoryLook {
  readonly strokes: number;
  /** KiB, after the garbage was collected. */
  readonly heap: number;
  readonly rss: number;
  /** KiB that undo holds on purpose. */
  readonly undo: number;
}

/** Sends strokes as fast as the window takes them in: a press, three moves and a release each. */
async function sendStrokes({ electron, app }: AppUnderTest, spots: Spots): Promise<void> {
  await electron.evaluate(
    async ({ BrowserWindow }, { window, points }) => {
      const contents = BrowserWindow.fromId(window)?.webContents;
      if (!contents) throw new Error('nowhere to paint');
      const held: 'leftbuttondown'[] = ['leftbuttondown'];
      const press = { button: 'left', clickCount: 1, modifiers: held } as const;
      for (const { x, y } of points) {
        contents.sendInputEvent({ type: 'mouseMove', x, y });
        contents.sendInputEvent({ type: 'mouseDown', x, y, ...press });
        for (const step of [8, 16, 24])
          contents.sendInputEvent({ type: 'mouseMove', x: x + step, y, modifiers: held });
        contents.sendInputEvent({ type: 'mouseUp', x: x + 24, y, button: 'left', clickCount: 1 });
        await new Promise((done) => setTimeout(done, 1));
      }
    },
    { window: app.window, points: spots },
  );
}

type Spots = readonly { readonly x: number; readonly y: number }[];

/** Paints one place after the other with membrane and interior in turns, so that every stroke changes pixels, and looks at the renderer's memory. */
export async function paintMany(
  under: AppUnderTest,
  slice: number,
  strokes: number,
): Promise<MemoryLook[]> {
  const { app, electron } = under;
  const { page } = app;
  await showOnly(under, app);
  await page.getByRole('application').focus();
  await page.keyboard.press('Home');
  for (let at = 0; at < slice; at += 1) await page.keyboard.press('PageDown');
  await chooseMenu(under, 'view.fit');
  await page.waitForTimeout(1500);
  const box = await pictureBox(under);
  const side = Math.min(box.width, box.height);
  const spots = Array.from({ length: EVERY }, (_, i) => ({
    x: Math.round(box.x + box.width / 2 + side * 0.3 * Math.sin(i * 2.4) * Math.sqrt(i / EVERY)),
    y: Math.round(box.y + box.height / 2 + side * 0.3 * Math.cos(i * 2.4) * Math.sqrt(i / EVERY)),
  }));
  const debug = await page.context().newCDPSession(page);
  const looks: MemoryLook[] = [];
  const start = await allSaved(under);
  for (let done = 0; done < strokes;) {
    await page.keyboard.press(String(1 + ((done / EVERY) % 2)));
    await sendStrokes(under, spots);
    done += EVERY;
    await page.waitForTimeout(50);
    const kept = (await allSaved(under)) - start;
    if (kept < LEAST_KEPT * done) throw new Error(`only ${kept} of ${done} strokes arrived`);
    await page.evaluate('membranaDrawing.forget()');
    await debug.send('HeapProfiler.collectGarbage');
    const heap = Heap.parse(await debug.send('Runtime.getHeapUsage')).usedSize / 1024;
    const rss = z.number().parse(
      await electron.evaluate(({ app: program, BrowserWindow }, window) => {
        const pid = BrowserWindow.fromId(window)?.webContents.getOSProcessId();
        return program.getAppMetrics().find((each) => each.pid === pid)?.memory.workingSetSize;
      }, app.window),
    );
    const undo = z.number().parse(await page.evaluate('membranaDrawing.undoBytes()')) / 1024;
    looks.push({ strokes: done, heap, rss, undo });
  }
  await debug.detach();
  return looks;
}

/** Slopes in KiB a stroke after the first fifth, and what the last look found. */
export function memoryRows(looks: readonly MemoryLook[]): BenchRow[] {
  const total = looks.at(-1)?.strokes ?? 0;
  const counted = looks.filter(({ strokes }) => strokes > total * SETTLED_SHARE);
  const alone = { peer: null, peerName: null, ratio: null, threads: 1, samples: counted.length };
  return (['heap', 'rss', 'undo'] as const).flatMap((what) => [
    {
      line: 'brush',
      case: `renderer over ${total} strokes: slope of ${what}`,
      unit: 'KiB a stroke',
      ours: slopeOf(counted.map((look) => [look.strokes, look[what]])),
      ...alone,
    },
    {
      line: 'brush',
      case: `renderer after ${total} strokes: ${what}`,
      unit: 'MiB',
      ours: (looks.at(-1)?.[what] ?? NaN) / 1024,
      ...alone,
    },
  ]);
}
