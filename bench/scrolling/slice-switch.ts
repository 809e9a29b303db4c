import type { Page } from '@playwright/test';
import { z } from 'zod';

const Switched = z.object({ milliseconds: z.number(), z: z.number() });

/** Prefetching and preparing neighbours is over well within this. */
const REST_MS = 1500;

/** Milliseconds from the key's own time stamp to the first complete drawing of another slice. */
async function timeSwitch(page: Page, key: string): Promise<number> {
  await page.waitForTimeout(REST_MS);
  await page.evaluate(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === 'Shift') return;
      window.removeEventListener('keydown', pressed, { capture: true });
      Reflect.set(window, 'membranaPressed', event.timeStamp);
    };
    Reflect.set(window, 'membranaPressed', null);
    window.addEventListener('keydown', pressed, { capture: true });
  });
  await page.keyboard.press(key);
  const answer = await page.waitForFunction((): unknown => {
    const record: unknown = Reflect.get(window, 'membranaDrawing');
    const pressed: unknown = Reflect.get(window, 'membranaPressed');
    if (typeof record !== 'object' || record === null || typeof pressed !== 'number') return null;
    const read: unknown = Reflect.get(record, 'timings');
    const timings: unknown = typeof read === 'function' ? Reflect.apply(read, record, []) : [];
    if (!Array.isArray(timings)) return null;
    for (const timing of timings as {
      z: number;
      started: number;
      done: number;
      complete: boolean;
    }[])
      if (timing.started >= pressed && timing.complete)
        return { milliseconds: timing.done - pressed, z: timing.z };
    return null;
  });
  return Switched.parse(await answer.jsonValue()).milliseconds;
}

export interface SwitchTimes {
  /** To slices that were never near the view. */
  readonly cold: readonly number[];
  /** To neighbours. */
  readonly warm: readonly number[];
}

/** Walks the last 32 slices, which nobody has looked at before, from the end: 10, 20, 30 back, then to 25, 15, 5. */
export async function timeSwitches(page: Page): Promise<SwitchTimes> {
  const cold: number[] = [];
  const warm: number[] = [];
  await page.keyboard.press('End');
  for (let i = 0; i < 3; i += 1) cold.push(await timeSwitch(page, 'Shift+PageUp'));
  for (let i = 0; i < 5; i += 1) warm.push(await timeSwitch(page, 'PageDown'));
  for (let i = 0; i < 2; i += 1) cold.push(await timeSwitch(page, 'Shift+PageDown'));
  for (let i = 0; i < 5; i += 1) warm.push(await timeSwitch(page, 'PageUp'));
  return { cold, warm };
}
