import { showOnly, type AppUnderTest, type Shown } from '../painting/app-under-test';

/** Slices a second that are asked for, as a held key or a fast wheel asks. */
export const RATE = 60;

export type ScrollKey = 'PageDown' | 'PageUp';

/** Back and forth over `part` slices for some seconds, beginning at the first of them. */
export function backAndForth(part: number, seconds: number): ScrollKey[] {
  return Array.from({ length: Math.round(seconds * RATE) }, (_, i) =>
    Math.floor(i / (part - 1)) % 2 === 0 ? 'PageDown' : 'PageUp',
  );
}

/** Presses keys at RATE in a window; the seconds that it took. */
export async function pressKeys(
  under: AppUnderTest,
  shown: Shown,
  keys: readonly ScrollKey[],
): Promise<number> {
  await showOnly(under, shown);
  await shown.page.waitForTimeout(700);
  return under.electron.evaluate(
    async ({ BrowserWindow }, order) => {
      const contents = BrowserWindow.fromId(order.window)?.webContents;
      if (!contents) throw new Error('nowhere to scroll');
      const start = performance.now();
      let next = 0;
      await new Promise<void>((done) => {
        const send = (): void => {
          const due = 1 + Math.floor(((performance.now() - start) / 1000) * order.rate);
          for (; next < Math.min(due, order.keys.length); next += 1) {
            const keyCode = order.keys[next] ?? '';
            contents.sendInputEvent({ type: 'keyDown', keyCode });
            contents.sendInputEvent({ type: 'keyUp', keyCode });
          }
          if (next < order.keys.length) setTimeout(send, 1);
          else done();
        };
        send();
      });
      return (performance.now() - start) / 1000;
    },
    { window: shown.window, keys, rate: RATE },
  );
}
