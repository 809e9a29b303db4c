import { spawnSync } from 'node:child_process';

/** True where windows can be shown. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some(
    (display) => display !== undefined && display !== '',
  );
}

/** Runs this program once more under a virtual display; its exit status. */
export function underVirtualDisplay(): number {
  const command = ['-a', '-s', '-screen 0 1920x1200x24', process.execPath];
  const { status, error } = spawnSync('xvfb-run', [...command, ...process.argv.slice(1)], {
    stdio: 'inherit',
  });
  if (error) throw new Error('There is no display, and no xvfb-run: install xvfb and xauth.');
  return status ?? 1;
}
