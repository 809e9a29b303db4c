import type { Page } from '@playwright/test';

/**
 * Makes a page of the app's origin, which has nothing on it, into the control:
 * a canvas over the whole window, and for every pointer event one rectangle
 * filled, straight from the handler. Times as the app lays them out.
 */
export async function becomeControl(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    document.body.replaceChildren(canvas);
    Object.assign(canvas.style, { position: 'fixed', left: '0', top: '0' });
    canvas.width = innerWidth;
    canvas.height = innerHeight;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this page has no 2D canvas');
    context.fillStyle = 'orange';
    const drawn: { dispatched: number; done: number }[] = [];
    window.addEventListener('pointermove', (event) => {
      const dispatched = performance.now();
      for (const { clientX, clientY } of event.getCoalescedEvents())
        context.fillRect(clientX - 30, clientY - 30, 60, 60);
      if (event.buttons !== 0) drawn.push({ dispatched, done: performance.now() });
    });
    Reflect.set(window, 'drawnTimes', () => drawn);
  });
}
