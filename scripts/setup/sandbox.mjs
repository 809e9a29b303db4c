import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { electronRecord, readJson } from './paths.mjs';
import { sandboxArguments } from './screen.mjs';

/** Kernel switches that keep an ordinary user from making the namespaces of Chromium's sandbox. */
const switches = [
  { path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', closed: '1' },
  { path: '/proc/sys/kernel/unprivileged_userns_clone', closed: '0' },
  { path: '/proc/sys/user/max_user_namespaces', closed: '0' },
];

/** Says what to type where Chromium's sandbox can't start; it is never switched off for that. */
export function checkSandbox() {
  if (process.platform !== 'linux') return 'sandbox';
  if (sandboxArguments().length > 0) return 'sandbox (left off: root)';
  const closed = switches.some(
    ({ path, closed }) => existsSync(path) && readFileSync(path, 'utf8').trim() === closed,
  );
  const helper = join(dirname(readJson(electronRecord).executable), 'chrome-sandbox');
  if (!closed || ready(helper)) return 'sandbox';
  return {
    summary: "sandbox: this system keeps Chromium's sandbox from starting",
    missing: `The window can't open. Type: sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`,
  };
}

function ready(helper) {
  if (!existsSync(helper)) return false;
  const { uid, mode } = statSync(helper);
  return uid === 0 && (mode & 0o4111) === 0o4111;
}
