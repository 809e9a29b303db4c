import type { Page } from '@playwright/test';

/** What the window has told about its strokes, as far as it has been heard. */
export interface Saving {
  /** Strokes that ended. */
  painted(): number;
  /** Of those, from the first on, reported saved by the window. */
  acknowledged(): number;
  /** Milliseconds from pointer-up to the report that the stroke is saved, one a stroke. */
  latencies(): readonly number[];
}

/**
 * Reads what a person reads: counts pointer-ups and follows the pill beside the
 * project's name, in the page. Everything is passed on at once, because the
 * page may end at any moment.
 */
export async function watchSaving(page: Page): Promise<Saving> {
  let painted = 0;
  let acknowledged = 0;
  const latencies: number[] = [];
  await page.exposeFunction('tellSaving', (ups: number, saved: number, took: number[]) => {
    painted = Math.max(painted, ups);
    acknowledged = Math.max(acknowledged, saved);
    latencies.push(...took);
  });
  await page.evaluate(() => {
    const tell = Reflect.get(window, 'tellSaving') as (
      ups: number,
      saved: number,
      took: number[],
    ) => void;
    const header = document.querySelector('header');
    if (header === null) throw new Error('there is no bar with the pill');
    let ups = 0;
    let saved = 0;
    const ended: number[] = [];
    const read = (): void => {
      const text = header.querySelector('[role="status"]')?.textContent ?? '';
      const saving = /Saving (\d+)/.exec(text)?.[1];
      if (saving === undefined && text.trim() !== 'Saved') return;
      const now = ups - Number(saving ?? 0);
      const took = ended.splice(0, Math.max(0, now - saved)).map((at) => performance.now() - at);
      saved = Math.max(saved, now);
      tell(ups, saved, took);
    };
    window.addEventListener(
      'pointerup',
      ({ timeStamp }) => {
        ups += 1;
        ended.push(timeStamp);
      },
      { capture: true },
    );
    const watch = { subtree: true, childList: true, characterData: true };
    new MutationObserver(read).observe(header, watch);
  });
  return {
    painted: () => painted,
    acknowledged: () => acknowledged,
    latencies: () => latencies,
  };
}
