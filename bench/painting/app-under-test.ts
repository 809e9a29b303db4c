import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { z } from 'zod';
import { becomeControl } from './control-page';
import type { Box, Spot } from './stroke-path';

const root = join(import.meta.dirname, '..', '..');
const Runtime = z.object({ executable: z.string() });
/** An address that is not there: the app's origin, and an empty page. */
const EMPTY_PAGE = 'membrana://app/control';

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

/** Longest that the app may take to show an open stack. */
const START_MS = 60_000;
const SAVED_MS = 60_000;

/** Starts the built app in real Electron with folders of its own below `home`; a failure says what the app printed. */
export async function startApp(
  home: string,
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<AppUnderTest> {
  const runtime = process.env['MEMBRANA_RUNTIME'] ?? join(root, '.runtime');
  const record: unknown = JSON.parse(readFileSync(join(runtime, 'electron.json'), 'utf8'));
  const electron = await _electron.launch({
    executablePath: Runtime.parse(record).executable,
    args: ['--no-sandbox', root, file],
    timeout: START_MS,
    env: {
      ...process.env,
      ...environment,
      MEMBRANA_BENCH: '1',
      MEMBRANA_USER_DATA: join(home, 'user'),
      MEMBRANA_PROJECTS: join(home, 'projects'),
    },
  });
  let printed = '';
  const keep = (text: Buffer): void => {
    printed = (printed + text.toString('utf8')).slice(-4000);
  };
  electron.process().stdout?.on('data', keep);
  electron.process().stderr?.on('data', keep);
  try {
    const page = await electron.firstWindow({ timeout: START_MS });
    await page.getByRole('application').waitFor({ timeout: START_MS });
    await page.waitForFunction(() => Reflect.has(window, 'membranaDrawing'));
    const own = await electron.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.id ?? -1,
    );
    const control = await openEmptyWindow(electron, own);
    await becomeControl(control.page);
    return { electron, app: { window: own, page }, control };
  } catch (error) {
    await electron.close().catch(() => undefined);
    throw new Error(`The app did not show the stack. It printed:\n${printed}`, { cause: error });
  }
}

/** Opens a window with an empty page of the app's origin, as large inside as another window. */
export async function openEmptyWindow(
  electron: ElectronApplication,
  like: number,
  address = EMPTY_PAGE,
): Promise<Shown> {
  const coming = electron.waitForEvent('window');
  const window = await electron.evaluate(
    ({ BrowserWindow }, { model, url }) => {
      const [width = 0, height = 0] = BrowserWindow.fromId(model)?.getContentSize() ?? [];
      const window = new BrowserWindow({
        width,
        height,
        useContentSize: true,
        autoHideMenuBar: true,
      });
      window.setMenuBarVisibility(false);
      window.setContentSize(width, height);
      void window.loadURL(url);
      return window.id;
    },
    { model: like, url: address },
  );
  const page = await coming;
  await page.waitForURL(address);
  return { window, page };
}

/** Shows one window and hides the others: a hidden page draws no frames. */
export async function showOnly({ electron }: AppUnderTest, shown: Shown): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, id) => {
    for (const window of BrowserWindow.getAllWindows()) if (window.id !== id) window.hide();
    const window = BrowserWindow.fromId(id);
    window?.show();
    window?.webContents.focus();
  }, shown.window);
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

/** Waits until every step is on the disk; the number of the last one. */
export async function allSaved({ app: { page } }: AppUnderTest): Promise<number> {
  const saved = await page.waitForFunction(
    (): { sequence: unknown } | null => {
      const record: unknown = Reflect.get(window, 'membranaDrawing');
      if (typeof record !== 'object' || record === null) return null;
      const read: unknown = Reflect.get(record, 'saved');
      const sequence: unknown = typeof read === 'function' ? Reflect.apply(read, record, []) : null;
      return sequence === null ? null : { sequence };
    },
    undefined,
    { timeout: SAVED_MS },
  );
  return z.object({ sequence: z.number() }).parse(await saved.jsonValue()).sequence;
}

/** Runs a command of the app as its page does; the answer is the caller's to parse. */
export async function invokeIn(page: Page, command: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    (call): unknown => {
      const bridge: unknown = Reflect.get(window, 'membrana');
      if (typeof bridge !== 'object' || bridge === null) throw new Error('no bridge');
      const invoke: unknown = Reflect.get(bridge, 'invoke');
      if (typeof invoke !== 'function') throw new Error('no command door');
      return Reflect.apply(invoke, bridge, [call.command, call.input]);
    },
    { command, input },
  );
}
