import { pathToFileURL } from 'node:url';
import { SetupError, step } from './setup/console.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { installElectron } from './setup/electron-runtime.mjs';
import { withSetupLock } from './setup/lock.mjs';
import { requireNode } from './setup/node-version.mjs';
import { checkSandbox } from './setup/sandbox.mjs';
import { installSystemLibraries } from './setup/system-libraries.mjs';
import { installTensorflow } from './setup/tensorflow.mjs';

/**
 * Makes a fresh machine ready; does nothing where it is. Plain Node without
 * packages, since it runs before `npm ci`.
 * @param {{ quiet?: boolean, retry?: boolean }} options `quiet`: print failures only;
 *   `retry`: try again what failed last time
 */
export async function setup({ quiet = false, retry = false } = {}) {
  requireNode();
  await withSetupLock(async () => {
    const options = { quiet };
    await step('npm packages', options, installDependencies);
    await step('Electron', options, installElectron);
    await step('system libraries', options, installSystemLibraries);
    await step('sandbox', options, async () => checkSandbox());
    await step('TensorFlow', options, (note) => installTensorflow(note, { retry }));
    await step('build', options, async () => {
      const { build } = await import('./build.mjs');
      return build();
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await setup({ quiet: process.argv.includes('--quiet'), retry: true });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.exitCode = 1;
  }
}
