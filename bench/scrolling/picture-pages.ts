import type { Page } from '@playwright/test';

/** Pictures that a page which is compared flips through. */
export const PICTURES = 24;

/**
 * Puts `makePicture(i)` into a page: a canvas of `side`² with the greys of a
 * slice and its mask blended in, so that the page has one picture to show
 * where the app has raw values and a probability map.
 */
export async function providePictures(page: Page, side: number): Promise<void> {
  await page.evaluate((size) => {
    Reflect.set(window, 'makePicture', (index: number): HTMLCanvasElement => {
      const canvas = document.createElement('canvas');
      canvas.width = size;
      canvas.height = size;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('this page has no 2D canvas');
      const image = new ImageData(size, size);
      const pixels = new Uint32Array(image.data.buffer);
      let noise = index + 1;
      for (let y = 0; y < size; y += 1) {
        const wave = 60 * Math.sin(y / (17 + index));
        for (let x = 0; x < size; x += 1) {
          noise = (noise * 1664525 + 1013904223) >>> 0;
          const grey = 128 + wave * Math.cos((x + 31 * index) / 29) + (noise >>> 26);
          const wall = (y + 17 * index) % 64 < 4 || (x + 31 * index) % 58 < 4;
          const [red, green, blue] = wall
            ? [0.4 * grey + 138, 0.4 * grey + 95, 0.4 * grey]
            : [grey, grey, grey];
          pixels[y * size + x] = 0xff000000 | (blue << 16) | (green << 8) | red;
        }
      }
      context.putImageData(image, 0, 0);
      return canvas;
    });
  }, side);
}

/** Makes a page into the control: pictures at the size that the app's pyramid has for the view, one drawn a key, scaled as the app scales. */
export async function becomeFlipControl(
  page: Page,
  side: number,
  shownSide: number,
): Promise<void> {
  await providePictures(page, side);
  await page.evaluate(
    ({ count, wide }) => {
      const make: unknown = Reflect.get(window, 'makePicture');
      if (typeof make !== 'function') throw new Error('there are no pictures');
      const pictures = Array.from({ length: count }, (_, i): unknown =>
        Reflect.apply(make, window, [i]),
      );
      const canvas = document.createElement('canvas');
      document.body.replaceChildren(canvas);
      Object.assign(canvas.style, { position: 'fixed', left: '0', top: '0' });
      canvas.width = innerWidth;
      canvas.height = innerHeight;
      const context = canvas.getContext('2d');
      const shows: { z: number; done: number; complete: boolean }[] = [];
      let at = 0;
      let waiting = false;
      const draw = (): void => {
        waiting = false;
        const picture = pictures[((at % count) + count) % count];
        if (picture instanceof HTMLCanvasElement) context?.drawImage(picture, 0, 0, wide, wide);
        shows.push({ z: at, done: performance.now(), complete: true });
      };
      window.addEventListener('keydown', ({ key }) => {
        at += key === 'PageDown' ? 1 : -1;
        if (!waiting) requestAnimationFrame(draw);
        waiting = true;
      });
      Reflect.set(window, 'shownSlices', () => shows);
    },
    { count: PICTURES, wide: shownSide },
  );
}
