import type { Page } from '@playwright/test';
import { z } from 'zod';

const Switched = z.object({ milliseconds: z.number() });

/** Prefetching and preparing neighbours is over well within this. */
const REST_MS = 3000;
/** Longest that a plane may take to come up. */
const COME_UP_MS = 60_000;

/** Milliseconds from the time stamp of the last of some keys to the first complete drawing of another plane of an axis. */
export async function timePlane(
  page: Page,
  axis: 'xz' | 'yz',
  keys: readonly string[],
): Promise<number> {
  await page.waitForTimeout(REST_MS);
  await page.evaluate(() => {
    Reflect.set(window, 'membranaPressed', null);
    if (Reflect.get(window, 'membranaListens') === true) return;
    Reflect.set(window, 'membranaListens', true);
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Shift') Reflect.set(window, 'membranaPressed', event.timeStamp);
      },
      { capture: true },
    );
  });
  for (const key of keys) await page.keyboard.press(key);
  const answer = await page.waitForFunction(
    (wanted): unknown => {
      const records: unknown = Reflect.get(window, 'membranaPlanes');
      const pressed: unknown = Reflect.get(window, 'membranaPressed');
      if (typeof records !== 'object' || records === null || typeof pressed !== 'number')
        return null;
      const record: unknown = Reflect.get(records, wanted);
      if (typeof record !== 'object' || record === null) return null;
      const read: unknown = Reflect.get(record, 'timings');
      const timings: unknown = typeof read === 'function' ? Reflect.apply(read, record, []) : [];
      if (!Array.isArray(timings)) return null;
      for (const timing of timings as { started: number; done: number; complete: boolean }[])
        if (timing.started >= pressed && timing.complete)
          return { milliseconds: timing.done - pressed };
      return null;
    },
    axis,
    { timeout: COME_UP_MS },
  );
  return Switched.parse(await answer.jsonValue()).milliseconds;
}
