import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from './app-driver';

let app: RunningApp;
test.beforeAll(async () => {
  app = await launchApp();
});
test.afterAll(() => app.close());

test('the first launch offers the sample, without a complaint', async () => {
  const { page } = app;
  await expect(page).toHaveTitle(/Membrana/);
  await expect(page.getByRole('button', { name: /sample/i }).first()).toBeVisible();
  await app.picture('first-launch');
  expect(app.problems).toEqual([]);
});

test('the page comes with the whole content security policy, as a header', async () => {
  const headers = await app.page.evaluate(async () => {
    const answer = await fetch('/');
    return [answer.url, answer.headers.get('content-security-policy') ?? ''];
  });
  expect(headers[0]).toBe('membrana://app/');
  for (const rule of [
    "default-src 'none'",
    "connect-src 'self' em-pixels:",
    "require-trusted-types-for 'script'",
    "frame-ancestors 'none'",
  ])
    expect(headers[1]).toContain(rule);
  expect(headers[1]).not.toContain('unsafe-inline');
  expect(headers[1]).not.toContain("'unsafe-eval'");
});

test('the page has no Node, no Electron, and four doors', async () => {
  const seen = await app.page.evaluate(() => ({
    require: typeof Reflect.get(window, 'require'),
    process: typeof Reflect.get(window, 'process'),
    doors: Object.keys(Reflect.get(window, 'membrana') as object).sort(),
  }));
  expect(seen).toEqual({
    require: 'undefined',
    process: 'undefined',
    doors: ['invoke', 'on', 'openPixels', 'ready'],
  });
});

test('nothing leads out of the page', async () => {
  const { page, electron } = app;
  const tried = await page.evaluate(async () => {
    const fetched = (url: string): Promise<string> =>
      fetch(url).then(
        (answer) => String(answer.status),
        () => 'refused',
      );
    return {
      opened: window.open('https://example.org/') === null,
      http: await fetched('http://127.0.0.1:9/'),
      file: await fetched('file:///etc/passwd'),
      climbed: await fetched('/..%2f..%2fpackage.json'),
      manifest: await fetched('/manifest.json'),
      pixels: await fetched('em-pixels://raw/..%2f..%2fetc/passwd'),
      permission: (await navigator.permissions.query({ name: 'geolocation' })).state,
    };
  });
  expect(tried).toEqual({
    opened: true,
    http: 'refused',
    file: 'refused',
    climbed: '404',
    manifest: '404',
    pixels: '400',
    permission: 'denied',
  });
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('membrana://app/');
  expect(electron.windows()).toHaveLength(1);
});

test('the network is cut off below the policy too', async () => {
  const outcome = await app.electron.evaluate(async ({ session }) =>
    session.defaultSession.fetch('http://127.0.0.1:9/').then(
      () => 'answered',
      (error: unknown) => String(error),
    ),
  );
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
});

test('a command from anywhere but the window is turned away', async () => {
  const answer = await app.electron.evaluate(async ({ BrowserWindow, app: main }) => {
    const preload = `${main.getAppPath()}/dist/main/preload.cjs`;
    const other = new BrowserWindow({ show: false, webPreferences: { sandbox: true, preload } });
    await other.loadURL('membrana://app/');
    const told: unknown = await other.webContents.executeJavaScript(
      "membrana.invoke('recent.list', null)",
    );
    other.destroy();
    return told;
  });
  expect(answer).toMatchObject({ ok: false, error: { code: 'command.untrusted-sender' } });
});

test('reload keys do nothing and the page does not zoom', async () => {
  const { page, electron } = app;
  await page.evaluate(() => Reflect.set(window, 'mark', 1));
  for (const key of ['Control+r', 'Control+Shift+r', 'F5', 'Control+Equal'])
    await page.keyboard.press(key);
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => Number(Reflect.get(window, 'mark')))).toBe(1);
  const zoom = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor(),
  );
  expect(zoom).toBe(1);
});

test('a page that crashes comes back by itself', async () => {
  const { electron } = app;
  await electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
  const alive = (): Promise<unknown> =>
    electron.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return 0;
      // Asked in the very moment of the crash, a page never answers.
      const late = new Promise<unknown>((done) => setTimeout(done, 500, 0));
      const count: unknown = await Promise.race([
        late,
        contents.executeJavaScript("document.querySelectorAll('button').length"),
      ]);
      return count;
    });
  await expect.poll(alive, { timeout: 15_000 }).toBeGreaterThan(0);
});
