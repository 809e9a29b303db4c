import type { Page } from '@playwright/test';
import { z } from 'zod';
import { quantile, type BenchRow } from '../race/report';
import type { AppUnderTest, Shown } from '../painting/app-under-test';
import { pressKeys, type ScrollKey } from './scroll-keys';

/** A drawing of a slice on a side; `complete` = nothing was left to come. */
const Shows = z.array(z.object({ z: z.number(), done: z.number(), complete: z.boolean() }).loose());

/** A window that is scrolled, and what in it tells its drawings. */
export interface ScrolledSide {
  readonly name: string;
  readonly shown: Shown;
  readonly drawings: string;
}

export interface Scrolled {
  /** Slices a second that came up completely. */
  readonly complete: number;
  /** Those that came up in part or from coarser tiles, too. */
  readonly any: number;
  /** Milliseconds between two new slices, 95 of 100. */
  readonly gap: number;
  readonly slices: number;
}

async function drawings(page: Page, expression: string): Promise<z.infer<typeof Shows>> {
  return Shows.parse(await page.evaluate(expression));
}

/** Scrolls a side and counts the slices that came up. */
export async function scroll(
  under: AppUnderTest,
  side: ScrolledSide,
  keys: readonly ScrollKey[],
): Promise<Scrolled> {
  const { page } = side.shown;
  const before = (await drawings(page, side.drawings)).length;
  const seconds = await pressKeys(under, side.shown, keys);
  // What comes after the last key is not scrolling any more.
  const shows = (await drawings(page, side.drawings)).slice(before);
  const count = (list: typeof shows): number[] =>
    list.filter(({ z: slice }, i) => slice !== list[i - 1]?.z).map(({ done }) => done);
  const complete = count(shows.filter((show) => show.complete));
  const gaps = complete.map((at, i) => at - (complete[i - 1] ?? at)).slice(1);
  return {
    complete: complete.length / seconds,
    any: count(shows).length / seconds,
    gap: quantile(gaps, 0.95),
    slices: keys.length,
  };
}

/** Longest that a slice may take to come up when somebody waits for it. */
const COME_UP_MS = 20_000;

/** Turns the app's slices one by one from slice `z` on, waiting for each to come up completely. */
export async function visit(
  side: ScrolledSide,
  z: number,
  keys: readonly ScrollKey[],
): Promise<void> {
  const { page } = side.shown;
  let slice = z;
  for (const key of keys) {
    slice += key === 'PageDown' ? 1 : -1;
    const until = Date.now() + COME_UP_MS;
    await page.keyboard.press(key);
    const isUp = async (): Promise<boolean> => {
      const last = (await drawings(page, side.drawings)).at(-1);
      return last?.z === slice && last.complete;
    };
    while (!(await isUp())) {
      if (Date.now() > until) throw new Error(`Slice ${slice + 1} did not come up.`);
      await page.waitForTimeout(5);
    }
    await page.evaluate('membranaDrawing.forget()');
  }
}

/** Rows of a side beside another. */
export function scrollRows(
  name: string,
  ours: Scrolled,
  peer: Scrolled,
  peerName: string,
): BenchRow[] {
  const row = { line: 'scroll', peerName, threads: 1, samples: ours.slices };
  const rate = { ...row, unit: 'slices/s' };
  return [
    {
      ...rate,
      case: `complete slices a second, ${name}`,
      ours: ours.complete,
      peer: peer.complete,
      ratio: ours.complete / peer.complete,
    },
    {
      ...rate,
      case: `slices a second, coarse ones too, ${name}`,
      ours: ours.any,
      peer: peer.any,
      ratio: ours.any / peer.any,
    },
    {
      ...row,
      case: `between two new slices p95, ${name}`,
      unit: 'ms',
      ours: ours.gap,
      peer: peer.gap,
      ratio: peer.gap / ours.gap,
    },
  ];
}
