import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';

const root = resolve(import.meta.dirname, '..');

/** How long the engine may take on a busy machine with two cores. */
export const ENGINE_MS = 300_000;

/** The folder of the large public stacks; null where a clone stands alone. */
export function dataFolder(): string | null {
  const places = [process.env['MEMBRANA_DATA'], join(root, '..', 'shared', 'data')];
  return places.find((place) => place !== undefined && place !== '' && existsSync(place)) ?? null;
}

/** A file of the public stacks if it is here, else another one. */
export function stackOr(path: string, other: string): string {
  const folder = dataFolder();
  const there = folder === null ? null : join(folder, path);
  return there !== null && existsSync(there) ? there : other;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The window with a stack open, in the words of the person before it. */
export class Workspace {
  readonly picture: Locator;
  readonly saved: Locator;
  readonly status: Locator;
  readonly models: Locator;
  readonly panel: Locator;

  constructor(readonly page: Page) {
    this.picture = page.getByRole('application', { name: /^Slice \d+ of \d+$/ });
    this.saved = page.locator('header .project .pill');
    this.status = page.getByRole('contentinfo', { name: 'Status' });
    this.panel = page.getByRole('complementary', { name: 'Layers and model' });
    this.models = this.panel.locator('li:has(.what)');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).first();
  }

  /** The stack is on the screen and can be painted. */
  async opened(): Promise<void> {
    await expect(this.picture).toBeVisible({ timeout: 60_000 });
    await expect.poll(() => this.drawn(), { timeout: 60_000 }).toBe(true);
  }

  /** CSS pixels of the window for a point of the picture, 0…1 of its width and height. */
  async at(x: number, y: number): Promise<Point> {
    const box = await this.picture.boundingBox();
    if (box === null) throw new Error('the picture is not on the screen');
    return { x: Math.round(box.x + x * box.width), y: Math.round(box.y + y * box.height) };
  }

  /** Rests the pointer there; the status bar tells of what is under it. */
  async point(at: Point): Promise<Locator> {
    await this.page.mouse.move(at.x + 3, at.y + 3);
    await this.page.mouse.move(at.x, at.y);
    return this.status;
  }

  /** A stroke with the mouse, as a hand makes it: down, along, up. */
  async stroke(
    from: Point,
    to: Point,
    button: 'left' | 'right' = 'left',
    steps = 12,
  ): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down({ button });
    await mouse.move(to.x, to.y, { steps });
    await mouse.up({ button });
  }

  /** A key pressed with the picture in focus. */
  async press(key: string): Promise<void> {
    await this.picture.focus();
    await this.page.keyboard.press(key);
  }

  /** Something else than one flat colour is drawn. */
  async drawn(): Promise<boolean> {
    return (await this.look()).shades > 8;
  }

  /** What the canvas really shows: how much of it is tinted by an overlay, how many greys, a fingerprint. */
  look(): Promise<{ readonly tinted: number; readonly shades: number; readonly mark: number }> {
    return this.picture
      .locator('canvas')
      .first()
      .evaluate((canvas) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
        const { width, height } = canvas;
        const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
        if (!data) throw new Error('the canvas can not be read');
        const seen = new Set<number>();
        let tinted = 0;
        let mark = 17;
        for (let i = 0; i < data.length; i += 4) {
          const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
          if (Math.max(red, green, blue) - Math.min(red, green, blue) > 24) tinted += 1;
          seen.add(red);
          mark = (Math.imul(mark, 31) + ((red << 16) | (green << 8) | blue)) | 0;
        }
        return { tinted: tinted / (width * height), shades: seen.size, mark };
      });
  }

  /** How many device pixels the tools' preview covers, above the picture; 0 while there is none. */
  previewed(): Promise<number> {
    return this.picture.evaluate((element) => {
      const canvas = element.querySelectorAll('canvas').item(1);
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const { width, height } = canvas;
      const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      let covered = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) covered += 1;
      return covered;
    });
  }

  /** The middle of a square of the picture, `side` CSS pixels wide, that no overlay tints; the nearest to the middle. */
  clearSpot(side: number): Promise<Point> {
    return this.#spot(side, 'clear');
  }

  /** As `clearSpot`, of a square that an overlay tints all over. */
  tintedSpot(side: number): Promise<Point> {
    return this.#spot(side, 'tinted');
  }

  #spot(side: number, look: 'clear' | 'tinted'): Promise<Point> {
    return this.picture
      .locator('canvas')
      .first()
      .evaluate(
        (canvas, [wide, wanted]) => {
          if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
          const { width, height } = canvas;
          const box = canvas.getBoundingClientRect();
          const sharp = width / box.width;
          const size = Math.round(wide * sharp);
          const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
          if (!data) throw new Error('the canvas can not be read');
          // Grey, drawn, and not the empty ground beside the slice.
          const fits = (x: number, y: number): boolean => {
            const i = (y * width + x) * 4;
            const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(i, i + 4);
            if (wanted === 'tinted')
              return Math.max(red, green, blue) - Math.min(red, green, blue) > 24;
            return alpha === 255 && red === green && green === blue;
          };
          const free = (left: number, top: number): boolean => {
            for (let y = top; y < top + size; y += 2)
              for (let x = left; x < left + size; x += 2) if (!fits(x, y)) return false;
            return true;
          };
          const places: { x: number; y: number; far: number }[] = [];
          for (let y = Math.round(height * 0.15); y + size < height * 0.8; y += 6)
            for (let x = 0; x + size < width; x += 6)
              places.push({
                x,
                y,
                far: Math.hypot(x + size / 2 - width / 2, y + size / 2 - height / 2),
              });
          const found = places.sort((a, b) => a.far - b.far).find(({ x, y }) => free(x, y));
          if (found === undefined) throw new Error(`no ${wanted} square of ${String(wide)} pixels`);
          return {
            x: Math.round(box.left + (found.x + size / 2) / sharp),
            y: Math.round(box.top + (found.y + size / 2) / sharp),
          };
        },
        [side, look] as const,
      );
  }

  /** Colour at a point of the window, as drawn: red, green, blue. */
  colour(at: Point): Promise<number[]> {
    return this.picture
      .locator('canvas')
      .first()
      .evaluate((canvas, { x, y }) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
        const box = canvas.getBoundingClientRect();
        const sharp = canvas.width / box.width;
        const context = canvas.getContext('2d');
        const left = Math.round((x - box.left) * sharp);
        const top = Math.round((y - box.top) * sharp);
        return [...(context?.getImageData(left, top, 1, 1).data ?? [])].slice(0, 3);
      }, at);
  }

  /** Takes cards away that cover the picture. */
  async dismissCards(): Promise<void> {
    const cards = this.page.getByRole('region', { name: /^(Notices|Could not be opened)$/ });
    const unknown = cards.getByRole('button', { name: 'I don’t know' });
    if (await unknown.isVisible()) await unknown.click();
    const dismiss = cards.getByRole('button', { name: 'Dismiss' });
    while ((await dismiss.count()) > 0) await dismiss.first().click();
  }

  /** The card that ends a job. */
  card(title: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Notices' }).getByRole('status', { name: title });
  }

  /** The error card with this heading or text. */
  error(text: string | RegExp): Locator {
    return this.page.getByRole('alert').filter({ hasText: text });
  }

  /** Segments the slice in view and waits for its prediction. */
  async segment(): Promise<void> {
    await this.press('s');
    await expect(this.card('Slice segmented')).toBeVisible({ timeout: ENGINE_MS });
  }
}
