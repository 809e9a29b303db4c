import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './console.mjs';
import { electronRecord, readJson } from './paths.mjs';
import { capture, tail, which } from './process.mjs';

/** What Electron loads on Linux, a virtual display for the tests, and a typeface for the window. */
const packages = [
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libxkbcommon0',
  'libatspi2.0-0',
  'libnotify4',
  'fonts-dejavu-core',
  'fonts-inter',
];

/** Installs Electron's system libraries as root on Debian and Ubuntu; elsewhere says what to type. */
export async function installSystemLibraries(note) {
  if (process.platform !== 'linux') return 'system libraries (nothing to do)';
  if (which('dpkg-query') === undefined) return onAnotherSystem();
  const missing = await missingPackages();
  if (missing.length === 0) return `system libraries (${packages.length} Debian packages)`;
  const names = await availableNames(missing);
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0) {
    return {
      summary: `system libraries: ${missing.length} missing`,
      missing: `The window and its tests need them. Type: sudo ${command}`,
    };
  }
  note(`apt-get install ${names.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quietly = ['-qq', '-o', 'DPkg::Lock::Timeout=120'];
  await capture('apt-get', [...quietly, 'update'], { env });
  const result = await capture(
    'apt-get',
    [...quietly, 'install', '-y', '--no-install-recommends', ...names],
    { env },
  );
  if (result.code !== 0) {
    throw new SetupError(`apt-get failed.\n${tail(result)}`, `type: apt-get update && ${command}`);
  }
  return `system libraries (${names.length} installed)`;
}

/** Ubuntu 24.04 and later renamed some packages with the ending t64. */
async function missingPackages() {
  const both = packages.flatMap((name) => [name, `${name}t64`]);
  const { stdout } = await capture('dpkg-query', [
    '-W',
    '-f=${Package} ${db:Status-Status}\n',
    ...both,
  ]);
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name) && !installed.has(`${name}t64`));
}

async function availableNames(names) {
  const { stdout } = await capture('apt-cache', ['pkgnames']);
  const known = new Set(stdout.split('\n'));
  return names.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name));
}

async function onAnotherSystem() {
  const executable = readJson(electronRecord)?.executable;
  if (executable === undefined || !existsSync(executable) || which('ldd') === undefined) {
    return 'system libraries (not checked)';
  }
  const { stdout } = await capture('ldd', [executable], { cwd: dirname(executable) });
  const missing = [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  if (missing.length === 0) return 'system libraries';
  const fedora =
    'sudo dnf install xorg-x11-server-Xvfb xauth gtk3 nss alsa-lib mesa-libgbm libXScrnSaver at-spi2-atk libdrm libxkbcommon at-spi2-core libnotify';
  return {
    summary: `system libraries: ${missing.length} missing`,
    missing: `Electron can't load ${missing.join(', ')}. On Fedora type: ${fedora}\nElsewhere install the packages that hold these files, and Xvfb for the tests.`,
  };
}
