import { drag, DrawTimes, showOnly, type AppUnderTest, type Shown } from './app-under-test';
import { readFrames } from './frame-watch';
import type { Spot } from './stroke-path';
import { quantile, type BenchRow } from '../race/report';

/** Positions a second that are sent, and the least that must have arrived for the figures to count. */
export const RATE = 160;
const LEAST_RATE = 120;

/** Milliseconds, one entry a frame. */
export interface Sample {
  /** Drawing done − dispatch of the oldest pointer event drawn. */
  readonly drawn: number[];
  readonly intervals: number[];
  /** Time stamp of that event → end of the frame. */
  readonly waits: number[];
}

export const emptySample = (): Sample => ({ drawn: [], intervals: [], waits: [] });

/** What a side lays out for the benchmark to read. */
const timesOf = { app: 'membranaDrawing.timings()', control: 'drawnTimes()' } as const;

async function readDrawn(page: Shown['page'], side: keyof typeof timesOf): Promise<number[]> {
  const times = DrawTimes.parse(await page.evaluate(timesOf[side]));
  return times.flatMap(({ dispatched, done }) => (dispatched === null ? [] : [done - dispatched]));
}

/** One stroke in a window; adds what is new since the last one to `sample`. */
export async function sampleStroke(
  under: AppUnderTest,
  side: 'app' | 'control',
  path: readonly Spot[],
  sample: Sample,
): Promise<void> {
  const shown = under[side];
  await showOnly(under, shown);
  await shown.page.waitForTimeout(700);
  const before = await readDrawn(shown.page, side);
  const framesBefore = await readFrames(shown.page);
  const seconds = await drag(under, shown, path, RATE);
  await shown.page.waitForTimeout(300);
  const rate = path.length / seconds;
  if (rate < LEAST_RATE)
    throw new Error(
      `Only ${rate.toFixed(0)} positions a second could be sent: wait until the machine is less busy.`,
    );
  const frames = await readFrames(shown.page);
  sample.drawn.push(...(await readDrawn(shown.page, side)).slice(before.length));
  sample.intervals.push(...frames.intervals.slice(framesBefore.intervals.length));
  sample.waits.push(...frames.waits.slice(framesBefore.waits.length));
}

const figures = [
  ['draw p50', 'drawn', 0.5],
  ['draw p95', 'drawn', 0.95],
  ['frame interval p95', 'intervals', 0.95],
  ['time stamp to frame end p50', 'waits', 0.5],
  ['time stamp to frame end p95', 'waits', 0.95],
] as const;

/** A row a figure, ours beside the control page's. */
export function sampleRows(name: string, ours: Sample, control: Sample): BenchRow[] {
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
