import type { CDPSession, Page } from '@playwright/test';

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** A desk, a small laptop, and the smallest window there is. */
export const screenSizes: readonly ScreenSize[] = [
  { width: 1440, height: 900 },
  { width: 1100, height: 700 },
  { width: 960, height: 600 },
];

/** The screen that the window is shown on: its size in CSS pixels, how sharp it is, light or dark. */
export class Screen {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<Screen> {
    return new Screen(page, await page.context().newCDPSession(page));
  }

  /** Resolves when the page has drawn itself for the new screen. */
  async show({ width, height }: ScreenSize, scale: 1 | 2 = 1): Promise<void> {
    await this.session.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: false,
    });
    await this.settled();
  }

  async theme(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await this.settled();
  }

  /** Two frames: one to lay out, one to draw what watches sizes. */
  private settled(): Promise<void> {
    return this.page.evaluate(
      () =>
        new Promise<void>((done) => {
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
        }),
    );
  }
}
