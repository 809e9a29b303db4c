import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { z } from 'zod';
import { becomeControl } from './control-page';
import type { Box, Spot } from './stroke-path';

const root = join(import.meta.dirname, '..', '..');
const Runtime = z.object({ executable: z.string() });
const Opened = z.object({ id: z.number(), width: z.number(), height: z.number() });

export const DrawTimes = z.array(
  z.object({ dispatched: z.number().nullable(), done: z.number() }).loose(),
);

export const Geometry = z.object({
  viewWidth: z.number(),
  viewHeight: z.number(),
  zoom: z.number(),
  centre: z.object({ x: z.number(), y: z.number() }),
});

/** A window and its page. */
export interface Shown {
  readonly window: number;
  readonly page: Page;
}

/** The built app with a stack open, and a control page of the same size; one of both is shown at a time. */
export interface AppUnderTest {
  readonly electron: ElectronApplication;
  readonly app: Shown;
  readonly control: Shown;
}

/** Starts the built app in real Electron with folders of its own below `home`. */
export async function startApp(home: string, stack: string): Promise<AppUnderTest> {
  const runtime = process.env['MEMBRANA_RUNTIME'] ?? join(root, '.runtime');
  const record: unknown = JSON.parse(readFileSync(join(runtime, 'electron.json'), 'utf8'));
  const electron = await _electron.launch({
    executablePath: Runtime.parse(record).executable,
    args: ['--no-sandbox', root, stack],
    env: {
      ...process.env,
      MEMBRANA_BENCH: '1',
      MEMBRANA_USER_DATA: join(home, 'user'),
      MEMBRANA_PROJECTS: join(home, 'projects'),
    },
  });
  const page = await electron.firstWindow();
  await page.getByRole('application').waitFor();
  const { id, width, height } = Opened.parse(
    await electron.evaluate(({ BrowserWindow }): unknown => {
      const [window] = BrowserWindow.getAllWindows();
      const [width = 0, height = 0] = window?.getContentSize() ?? [];
      return { id: window?.id, width, height };
    }),
  );
  const coming = electron.waitForEvent('window');
  const control = await electron.evaluate(
    ({ BrowserWindow }, size) => {
      const window = new BrowserWindow({ ...size, useContentSize: true, autoHideMenuBar: true });
      window.setMenuBarVisibility(false);
      window.setContentSize(size.width, size.height);
      // An address that is not there: the app's origin, and an empty page.
      void window.loadURL('membrana://app/control');
      return window.id;
    },
    { width, height },
  );
  const controlPage = await coming;
  await controlPage.waitForURL('membrana://app/control');
  await becomeControl(controlPage);
  return {
    electron,
    app: { window: id, page },
    control: { window: control, page: controlPage },
  };
}

/** Shows one window and hides the other: a hidden page draws no frames. */
export async function showOnly(
  { electron }: AppUnderTest,
  shown: Shown,
  hidden: Shown,
): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, ids) => {
      BrowserWindow.fromId(ids.hidden)?.hide();
      BrowserWindow.fromId(ids.shown)?.show();
      BrowserWindow.fromId(ids.shown)?.webContents.focus();
    },
    { shown: shown.window, hidden: hidden.window },
  );
}

/** Presses, drags along the path at `rate` positions a second, releases: input as the system delivers it. Returns the seconds that it took. */
export async function drag(
  { electron }: AppUnderTest,
  { window }: Shown,
  path: readonly Spot[],
  rate: number,
): Promise<number> {
  return electron.evaluate(
    async ({ BrowserWindow }, order) => {
      const contents = BrowserWindow.fromId(order.window)?.webContents;
      const [first] = order.path;
      const last = order.path.at(-1);
      if (!contents || !first || !last) throw new Error('nowhere to drag');
      contents.sendInputEvent({ type: 'mouseMove', ...first });
      // Without the held button in its modifiers the press could not capture the pointer.
      const held: 'leftbuttondown'[] = ['leftbuttondown'];
      const press = { button: 'left', clickCount: 1, modifiers: held } as const;
      contents.sendInputEvent({ type: 'mouseDown', ...first, ...press });
      const start = performance.now();
      let next = 1;
      await new Promise<void>((done) => {
        const send = (): void => {
          const due = 1 + Math.floor(((performance.now() - start) / 1000) * order.rate);
          for (; next < Math.min(due, order.path.length); next += 1) {
            const at = order.path[next] ?? last;
            contents.sendInputEvent({ type: 'mouseMove', ...at, modifiers: held });
          }
          if (next < order.path.length) setTimeout(send, 1);
          else done();
        };
        send();
      });
      const seconds = (performance.now() - start) / 1000;
      contents.sendInputEvent({ type: 'mouseUp', ...last, button: 'left', clickCount: 1 });
      return seconds;
    },
    { window, path, rate },
  );
}

/** Runs an entry of the app's menu. */
export async function chooseMenu({ electron }: AppUnderTest, id: string): Promise<void> {
  await electron.evaluate(({ Menu }, entry) => {
    Menu.getApplicationMenu()?.getMenuItemById(entry)?.click();
  }, id);
}

export async function pictureBox({ app }: AppUnderTest): Promise<Box> {
  const box = await app.page.getByRole('application').boundingBox();
  if (!box) throw new Error('the picture is not shown');
  return box;
}
