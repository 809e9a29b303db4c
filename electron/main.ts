import { setTimeout as sleep } from 'node:timers/promises';
import { app, BrowserWindow } from 'electron';
import { EventDoor } from '#main/ipc/publish';
import { registerCommands } from '#main/ipc/register';
import { TrustedSenders } from '#main/ipc/trusted-senders';
import { createServices, type Services } from '#main/session/services';
import { APP_ORIGIN, serveApp } from './app-scheme';
import { utilityLauncher } from './compute-launcher';
import { systemDialogs } from './dialogs';
import { INTENDED_ELECTRON } from './intended-runtime';
import { ipcRegistrar, listenToPreload } from './ipc-transport';
import { launchFiles } from './launch-files';
import { openLog } from './log';
import { setMenu } from './menu';
import { servePixelPorts } from './pixel-port';
import { servePixels } from './pixel-scheme';
import { moveUserData, places } from './places';
import { registerSchemes } from './schemes';
import { cutNetwork, lockDown, openLink, showInFolder } from './security';
import { applyTheme, createWindow } from './window';

/** Longest that quitting waits for the last writes, which take milliseconds, and for a person longer. */
const QUIT_MS = 10_000;

let window: BrowserWindow | null = null;

function files(argv: readonly string[], cwd: string): string[] {
  return launchFiles({ argv, cwd, appPath: app.getAppPath(), packaged: app.isPackaged });
}

function quitInOrder(services: Services, isAsking: () => boolean): void {
  let closing = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    const late = async (): Promise<void> => {
      do await sleep(QUIT_MS);
      while (isAsking());
    };
    void Promise.race([services.close(), late()]).finally(() => {
      app.exit(0);
    });
  });
}

async function start(): Promise<void> {
  await app.whenReady();
  await lockDown();
  const where = places();
  const { log, tail } = openLog(where.userData, !app.isPackaged);
  process.on('unhandledRejection', (reason) => {
    log.error('unhandled', { reason: reason instanceof Error ? reason.stack : String(reason) });
  });
  log.info('started', { version: app.getVersion(), electron: process.versions['electron'] });

  const events = new EventDoor(!app.isPackaged);
  const senders = new TrustedSenders(APP_ORIGIN);
  const dialogs = systemDialogs(() => window);
  const services = await createServices({
    version: app.getVersion(),
    versions: process.versions,
    intendedElectron: INTENDED_ELECTRON,
    userData: where.userData,
    resources: where.resources,
    projects: where.projects,
    launcher: utilityLauncher(where.compute),
    dialogs,
    openLink,
    showInFolder,
    publish: events.publish,
    log,
    logTail: tail,
  });
  await services.offerAtStart(files(process.argv, process.cwd()));
  await serveApp(where.renderer);
  servePixels(services.pixels);
  servePixelPorts(senders, services.pixels);
  registerCommands({
    registrar: ipcRegistrar,
    senders,
    handlers: services.handlers,
    log,
    checkAnswers: !app.isPackaged,
  });
  listenToPreload(senders, {
    dropped: (paths) => void services.offer(paths, 'drop'),
    ready: () => {
      log.info('window ready', { ms: Math.round(performance.now()) });
      services.windowReady();
    },
  });

  const follow = async (): Promise<void> => {
    applyTheme(services.settings().theme);
    setMenu(
      {
        theme: services.settings().theme,
        recent: await services.recent(),
        keys: services.menuKeys(),
      },
      {
        run: (command) => {
          events.publish('menu.command', { command });
        },
        openRecent: (item) => {
          events.publish('files.offered', {
            grants: [{ id: item.grant, name: item.name, kind: item.kind }],
            via: 'system',
          });
        },
        clearRecent: () => void services.clearRecent(),
      },
    );
  };
  services.onMenuState(() => void follow());
  await follow();

  app.on('second-instance', (_, argv, cwd) => {
    void services.offer(files(argv, cwd), 'system');
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void services.offer([path], 'system');
  });
  quitInOrder(services, () => dialogs.isWaiting());

  const page = createWindow({
    preload: where.preload,
    icon: where.icon,
    devTools: !app.isPackaged,
    log,
    training: services.training,
    bench: process.env['MEMBRANA_BENCH'] === '1',
    onLost: () => {
      services.windowLost();
    },
  });
  window = page;
  const contents = page.webContents;
  const trusted = senders.add(contents.id);
  const hears = events.add((channel, name, payload) => {
    if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, name, payload);
  });
  page.on('closed', () => {
    trusted();
    hears();
    window = null;
  });
}

moveUserData();
// The call takes --no-sandbox back, and root can't start without that flag. Pages are sandboxed either way.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
cutNetwork();
registerSchemes();
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
} else {
  app.quit();
}
