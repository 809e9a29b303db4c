import { pathToFileURL } from 'node:url';
import { SetupError, step } from './setup/console.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { installElectron } from './setup/electron-runtime.mjs';
import { withSetupLock } from './setup/lock.mjs';
import { requireNode } from './setup/node-version.mjs';
import { setupOptions } from './setup/options.mjs';
import { checkSandbox } from './setup/sandbox.mjs';
import { installSystemLibraries } from './setup/system-libraries.mjs';
import { installTensorflow } from './setup/tensorflow.mjs';

/**
 * Makes a fresh machine ready; does nothing where it is. Plain Node without
 * packages, since it runs before `npm ci`.
 * @param {{ quiet?: boolean, tensorflow?: import('./setup/tensorflow-plan.mjs').Wish }} options
 *   `quiet`: print failures only
 */
export async function setup({ quiet = false, tensorflow = 'keep' } = {}) {
  requireNode();
  await withSetupLock(async () => {
    const options = { quiet };
    await step('npm packages', options, installDependencies);
    await step('Electron', options, installElectron);
    await step('system libraries', options, installSystemLibraries);
    await step('sandbox', options, async () => checkSandbox());
    await step('build', options, async () => {
      const { build } = await import('./build.mjs');
      return build();
    });
    // Last, since the app is ready without it.
    await step('TensorFlow', options, (note) => installTensorflow(note, tensorflow));
  });
}

/** The options, or the reason against them in the form of a step. */
async function askedFor() {
  let options;
  await step('set-up', { quiet: true }, async () => {
    options = setupOptions(process.argv.slice(2), process.env);
    return 'set-up';
  });
  return options;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await setup(await askedFor());
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.exitCode = 1;
  }
}
