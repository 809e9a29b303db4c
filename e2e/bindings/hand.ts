import { expect, type Locator, type Page } from '@playwright/test';
import type { RunningApp } from '../app-driver';
import { Workspace, type Point } from '../workspace';

/** What one binding does, and how a person sees that it did. */
export interface BindingRow {
  readonly keys: string;
  readonly action: string;
  readonly story: (hand: Hand) => Promise<void>;
}

/** A hand on mouse and keyboard of the running app, and an eye on what comes of it. */
export class Hand {
  readonly page: Page;
  readonly work: Workspace;
  #spots = 0;

  constructor(readonly app: RunningApp) {
    this.page = app.page;
    this.work = new Workspace(app.page);
  }

  /** The first slice fitted, the brush with membrane in hand, nothing open. */
  async reset(): Promise<void> {
    await this.page.mouse.move(4, 4);
    for (const key of ['Escape', 'Escape', 'b', '2', 'Control+0', 'Home'])
      await this.work.press(key);
    await this.slice(1);
  }

  press(key: string): Promise<void> {
    return this.work.press(key);
  }

  /** A digit of the number pad with NumLock on, which Playwright's own names don't have. */
  async pad(digit: number): Promise<void> {
    await this.work.picture.focus();
    const door = await this.page.context().newCDPSession(this.page);
    const key = { key: String(digit), code: `Numpad${String(digit)}`, isKeypad: true } as const;
    const code = 96 + digit;
    await door.send('Input.dispatchKeyEvent', {
      ...key,
      type: 'rawKeyDown',
      windowsVirtualKeyCode: code,
    });
    await door.send('Input.dispatchKeyEvent', {
      ...key,
      type: 'keyUp',
      windowsVirtualKeyCode: code,
    });
    await door.detach();
  }

  /** Does something with a key held. */
  async holding(key: string, during: () => Promise<void>): Promise<void> {
    await this.work.picture.focus();
    await this.page.keyboard.down(key);
    await during();
    await this.page.keyboard.up(key);
  }

  async drag(from: Point, to: Point, button: 'left' | 'middle' | 'right' = 'left'): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down({ button });
    await mouse.move(to.x, to.y, { steps: 6 });
    await mouse.up({ button });
  }

  async click(at: Point, button: 'left' | 'right' = 'left'): Promise<void> {
    await this.page.mouse.click(at.x, at.y, { button });
  }

  /** Two frames: what the pointer did is on the screen. */
  async settled(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
    );
  }

  /** The image pixel at a place of the window, as the status bar tells it. */
  async pixel(at: Point): Promise<Point> {
    await this.work.point(at);
    await this.settled();
    const found = /x\s*(-?\d+)\s*y\s*(-?\d+)/.exec(await this.work.status.innerText());
    if (found === null) throw new Error('the status bar tells no pixel');
    return { x: Number(found[1]), y: Number(found[2]) };
  }

  /** The label at a place of the window, as the status bar tells it. */
  async label(at: Point, text: string): Promise<void> {
    await this.work.point(at);
    await expect(this.work.status).toContainText(text);
  }

  async slice(n: number): Promise<void> {
    await expect(this.work.status).toContainText(`slice ${String(n)} of 8`);
  }

  /** Zoom in percent. */
  async zoom(): Promise<number> {
    await this.settled();
    const text = await this.page.getByRole('group', { name: 'Zoom' }).innerText();
    return Number(/([\d.]+) %/.exec(text)?.[1]);
  }

  /** Brush size in pixels. */
  async size(): Promise<number> {
    await this.settled();
    const slider = this.page.getByRole('slider', { name: 'Size' }).first();
    return Number(/([\d.]+)/.exec((await slider.getAttribute('aria-valuetext')) ?? '')?.[1]);
  }

  /** A tool of the rail is in hand. */
  async tool(name: string): Promise<void> {
    const button = this.page
      .getByRole('toolbar', { name: 'Tools' })
      .getByRole('button', { name, exact: true });
    await expect(button).toHaveAttribute('aria-pressed', 'true');
  }

  /** The class that the brush paints. */
  async paints(name: string): Promise<void> {
    const radio = this.page
      .getByRole('radiogroup', { name: 'Paint as' })
      .getByRole('radio', { name: new RegExp(`^${name}`) });
    await expect(radio).toHaveAttribute('aria-checked', 'true');
  }

  /** Whether a layer is shown. */
  eye(layer: string): Locator {
    return this.work.panel.getByRole('button', { name: `Show ${layer}`, exact: true });
  }

  /** Opacity of a layer in percent. */
  async opacity(layer: string): Promise<number> {
    await this.settled();
    const slider = this.work.panel.getByRole('slider', { name: `${layer} opacity` });
    return Number(/([\d.]+)/.exec((await slider.getAttribute('aria-valuetext')) ?? '')?.[1]);
  }

  /** A place of the picture that no other row has used. */
  async spot(): Promise<Point> {
    const n = this.#spots;
    this.#spots += 1;
    return this.work.at(0.32 + 0.06 * (n % 6), 0.25 + 0.07 * (Math.floor(n / 6) % 7));
  }

  /** A short stroke of membrane; its beginning. */
  async stroke(): Promise<Point> {
    const from = await this.spot();
    await this.label(from, 'untouched');
    await this.drag(from, { x: from.x + 30, y: from.y + 6 });
    await this.label(from, 'membrane, painted');
    return from;
  }
}
