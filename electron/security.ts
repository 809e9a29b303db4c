import { app, session, shell, type WebContents } from 'electron';
import type { externalLinks } from '#contract/commands';
import { APP_ORIGIN } from './app-scheme';

/** Every address that the app can open in the browser. The window names an id, never an address. */
const links: Readonly<Record<(typeof externalLinks)[number], string>> = {
  isbi2012: 'https://imagej.net/events/isbi-2012-segmentation-challenge',
  vnc: 'https://doi.org/10.6084/m9.figshare.856713',
  'licence-cc-by-nc-sa-3': 'https://creativecommons.org/licenses/by-nc-sa/3.0/',
  tensorflow: 'https://www.tensorflow.org/js',
  electron: 'https://www.electronjs.org',
};

export async function openLink(link: keyof typeof links): Promise<void> {
  await shell.openExternal(links[link]);
}

/** Shows a file of the user's in the system's file manager; nothing is opened. */
export function showInFolder(path: string): void {
  shell.showItemInFolder(path);
}

/**
 * Closes the ways to the network that no request handler sees: name look-ups,
 * QUIC, and what WebRTC sends past the proxy. Must run before the app is ready.
 */
export function cutNetwork(): void {
  const { commandLine } = app;
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  commandLine.appendSwitch('dns-prefetch-disable');
  commandLine.appendSwitch('disable-quic');
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', NO_UDP);
  commandLine.appendSwitch('webrtc-ip-handling-policy', NO_UDP);
}

/** WebRTC may send no UDP but through a proxy, and ours takes none. */
const NO_UDP = 'disable_non_proxied_udp';
/** Nobody listens here: what still finds its way to the network ends on this machine. */
const NOWHERE = 'http://127.0.0.1:9';

function lockContents(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy(NO_UDP);
  const stay = (event: { preventDefault(): void }): void => {
    event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', stay);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function isOurs(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
}

/**
 * Closes every door that a page of our own never needs: other addresses, new
 * windows, webviews, the network, and all permissions but writing to the
 * clipboard (error details). Must run before the first window.
 */
export async function lockDown(): Promise<void> {
  app.on('web-contents-created', (_, contents) => {
    lockContents(contents);
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, decide) => {
    decide(permission === 'clipboard-sanitized-write' && isOurs(contents.getURL()));
  });
  defaultSession.setPermissionCheckHandler(
    (_, permission, origin) =>
      permission === 'clipboard-sanitized-write' && isOurs(origin.replace(/\/$/, '')),
  );
  defaultSession.setDevicePermissionHandler(() => false);
  // The app talks to nobody: a request that names a remote address is cut off here too.
  defaultSession.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'] },
    (_, decide) => {
      decide({ cancel: true });
    },
  );
  defaultSession.on('will-download', (event) => {
    event.preventDefault();
  });
  await defaultSession.setProxy({
    mode: 'fixed_servers',
    proxyRules: NOWHERE,
    proxyBypassRules: '<-loopback>',
  });
}
