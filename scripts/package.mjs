import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, Platform } from 'electron-builder';
import {
  addNativeLibraries,
  cleanRuntime,
  engineFiles,
  hasTensorflow,
  refuseUnsafe,
  verifyEngines,
} from './package/contents.mjs';
import { builderFuses, verifyFuses } from './package/fuses.mjs';
import { refuseOldRuntime } from './package/runtime.mjs';
import { setup } from './setup.mjs';
import { SetupError, step } from './setup/console.mjs';
import { electronRecord, readJson, root } from './setup/paths.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // Playwright drives a packed app through the inspector; a release has it off.
    'for-tests': { type: 'boolean', default: false },
    // A build for those who make the app, with whatever Electron is here.
    unreleased: { type: 'boolean', default: false },
  },
});
const targets = positionals.length > 0 ? positionals : ['dir'];
const inspectable = values['for-tests'];

/** Packs the app with the runtime's Electron into release/. */
async function pack() {
  const electron = readJson(electronRecord);
  refuseOldRuntime({
    version: electron.version,
    intended: readJson(join(root, 'package.json')).devDependencies.electron,
    released: !inspectable && !values.unreleased,
  });
  const runtimeFolder = join(electron.executable, '..');
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget(targets),
    publish: 'never',
    config: {
      extends: join(root, 'electron-builder.yml'),
      files: engineFiles({
        platform: process.platform,
        arch: process.arch,
        tensorflow: hasTensorflow(),
      }),
      electronDist: runtimeFolder,
      electronVersion: electron.version,
      electronFuses: builderFuses(inspectable),
      afterPack: async ({ appOutDir }) => {
        cleanRuntime(appOutDir);
        addNativeLibraries(appOutDir);
      },
    },
  });
  const folder = join(root, 'release', 'linux-unpacked');
  await verifyFuses(join(folder, 'membrana'), inspectable);
  refuseUnsafe(folder);
  const engines = await verifyEngines(folder);
  return `Membrana for Linux (${targets.join(', ')}; ${engines}) in release/`;
}

try {
  await setup();
  if (process.platform !== 'linux') {
    throw new SetupError('Packages are made on Linux only, so far.', 'run it on Linux x64.');
  }
  await step('package', {}, pack);
} catch (error) {
  if (!(error instanceof SetupError)) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
