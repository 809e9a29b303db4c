import type { Page } from '@playwright/test';
import { z } from 'zod';

const Frames = z.object({
  intervals: z.array(z.number()),
  waits: z.array(z.number()),
});

/** Milliseconds: between frames, and from an event's own time stamp to the end of the frame that took it in. */
export type Frames = z.infer<typeof Frames>;

/**
 * Watches a page's frames while a button is held; the same few lines in every
 * page that is compared. A frame ends, as far as a page can tell, with the
 * first task after its animation callbacks.
 */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const intervals: number[] = [];
    const waits: number[] = [];
    let oldest: number | null = null;
    let last: number | null = null;
    let held = false;
    const ended = new MessageChannel();
    const stamps: number[] = [];
    ended.port1.onmessage = () => {
      const stamp = stamps.shift();
      if (stamp !== undefined) waits.push(performance.now() - stamp);
    };
    const hear = (event: PointerEvent): void => {
      held = event.buttons !== 0;
      if (held) oldest ??= event.getCoalescedEvents()[0]?.timeStamp ?? event.timeStamp;
    };
    window.addEventListener('pointermove', hear, { capture: true });
    window.addEventListener('pointerup', hear, { capture: true });
    const frame = (now: number): void => {
      if (held && last !== null) intervals.push(now - last);
      last = held ? now : null;
      if (oldest !== null) {
        stamps.push(oldest);
        ended.port2.postMessage(null);
        oldest = null;
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Reflect.set(window, 'membranaFrames', () => ({ intervals, waits }));
  });
}

export async function readFrames(page: Page): Promise<Frames> {
  return Frames.parse(
    await page.evaluate((): unknown => {
      const read: unknown = Reflect.get(window, 'membranaFrames');
      return typeof read === 'function' ? Reflect.apply(read, window, []) : null;
    }),
  );
}
