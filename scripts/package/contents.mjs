import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../setup/console.mjs';
import { readJson, tensorflowRecord } from '../setup/paths.mjs';

/** Takes away the loader that set-up put into the runtime for `electron <folder>`. */
export function cleanRuntime(folder) {
  rmSync(join(folder, 'resources', 'app'), { recursive: true, force: true });
}

/**
 * Puts TensorFlow's libraries beside the unpacked binding, which looks for
 * them there first ($ORIGIN/../../deps/lib).
 */
export function addNativeLibraries(folder) {
  const tensorflow = readJson(tensorflowRecord);
  if (!tensorflow?.available) {
    process.stderr.write('  The package has no TensorFlow engine: it is not set up here.\n');
    return;
  }
  const unpacked = join(folder, 'resources', 'app.asar.unpacked', 'node_modules');
  const binding = join(unpacked, '@tensorflow', 'tfjs-node-gpu');
  const libraries = join(binding, 'deps', 'lib');
  mkdirSync(libraries, { recursive: true });
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    copyFileSync(join(tensorflow.folder, 'tensorflow', name), join(libraries, name));
  }
}

/** A shipped launcher never switches the sandbox off. */
export function refuseUnsafe(folder) {
  if (existsSync(join(folder, 'resources', 'app'))) {
    throw new SetupError(
      'The development loader is in the package.',
      'see scripts/package/contents.mjs.',
    );
  }
  const texts = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !name.includes('locales') && /(^|\/)[^/.]+$|\.(sh|desktop)$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < 1_000_000);
  const unsafe = texts.filter((path) => readFileSync(path, 'latin1').includes('--no-sandbox'));
  if (unsafe.length > 0) {
    throw new SetupError(
      `${unsafe.join(', ')} starts without the sandbox.`,
      'remove --no-sandbox there.',
    );
  }
}
