import { BrowserWindow, dialog, nativeTheme } from 'electron';
import type { Settings } from '#contract/entities';
import type { Log } from '#main/diagnostics/log';
import { APP_ORIGIN } from './app-scheme';
import { dialogStrings } from './strings';

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string | undefined;
  readonly devTools: boolean;
  readonly log: Log;
  /** Closing the window would lose a training. */
  readonly training: () => boolean;
  /** A benchmark drives the app: the page lays out when it drew. */
  readonly bench: boolean;
  /** The page is gone; it comes back by itself. */
  onLost(): void;
}

/** A page that dies this often within a minute dies of something that a reload does not cure. */
const MOST_RELOADS = 3;
const RELOAD_WINDOW_MS = 60_000;
/** Strokes that are not on disk by then are kept back by something that waiting does not cure. */
const LAST_STROKES_MS = 3000;

/** Colour before the first frame, so that nothing flashes; the same as the page's. */
const background = { light: '#f6f5f2', dark: '#17181b' };

export function applyTheme(theme: Settings['theme']): void {
  nativeTheme.themeSource = theme;
}

function agreesToLoseTraining(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: dialogStrings.trainingTitle,
    detail: dialogStrings.trainingDetail,
    buttons: [dialogStrings.keepTraining, dialogStrings.quit],
    defaultId: 0,
    cancelId: 0,
  });
  return choice === 1;
}

function agreesToLoseStrokes(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: 'warning',
    message: dialogStrings.unsavedTitle,
    detail: dialogStrings.unsavedDetail,
    buttons: [dialogStrings.keepOpen, dialogStrings.quit],
    defaultId: 0,
    cancelId: 0,
  });
  return choice === 1;
}

/**
 * The one window. A page that crashes is loaded again: what was painted is in
 * the journal, so nothing is lost. Reload keys and page zoom don't exist here.
 */
export function createWindow(options: WindowOptions): BrowserWindow {
  const { log } = options;
  const window = new BrowserWindow({
    title: 'Membrana',
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    ...(options.icon === undefined ? {} : { icon: options.icon }),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.devTools,
    },
  });
  const { webContents } = window;
  const load = (): void => {
    // A window closed while it loads rejects; there is nobody left to tell.
    window.loadURL(`${APP_ORIGIN}/${options.bench ? '?bench' : ''}`).catch((error: unknown) => {
      log.error('the page did not load', { reason: String(error) });
    });
  };

  window.on('close', (event) => {
    if (options.training() && !agreesToLoseTraining(window)) event.preventDefault();
  });
  // The page holds a close until its last strokes are on disk; that it still can't, is the user's to decide.
  let asking = false;
  webContents.on('will-prevent-unload', () => {
    if (asking) return;
    asking = true;
    log.info('closing waits for the last strokes');
    setTimeout(() => {
      asking = false;
      if (!window.isDestroyed() && agreesToLoseStrokes(window)) window.destroy();
    }, LAST_STROKES_MS);
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  webContents.on('did-finish-load', () => {
    webContents.setZoomFactor(1);
    void webContents.setVisualZoomLevelLimits(1, 1);
  });
  webContents.on('before-input-event', (event, input) => {
    const key = input.key.toLowerCase();
    const reload = key === 'f5' || (key === 'r' && (input.control || input.meta));
    if (reload) event.preventDefault();
  });

  const reloads: number[] = [];
  webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log.error('the page ended', { reason, exitCode });
    options.onLost();
    const now = Date.now();
    reloads.push(now);
    while ((reloads[0] ?? now) < now - RELOAD_WINDOW_MS) reloads.shift();
    if (reloads.length > MOST_RELOADS) {
      const choice = dialog.showMessageBoxSync(window, {
        type: 'error',
        message: dialogStrings.crashedTitle,
        detail: dialogStrings.crashedDetail,
        buttons: [dialogStrings.restart, dialogStrings.quit],
      });
      reloads.length = 0;
      if (choice === 1) {
        window.close();
        return;
      }
    }
    load();
  });
  webContents.on('unresponsive', () => {
    log.warn('the page does not answer');
  });
  webContents.on('preload-error', (_, file, error) => {
    log.error('the preload failed', { file, reason: error.message });
  });
  load();
  return window;
}
