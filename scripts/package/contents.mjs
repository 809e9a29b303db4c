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
import { capture, tail } from '../setup/process.mjs';

/** Takes away the loader that set-up put into the runtime for `electron <folder>`. */
export function cleanRuntime(folder) {
  rmSync(join(folder, 'resources', 'app'), { recursive: true, force: true });
}

/**
 * What a package takes from node_modules, as electron-builder's file patterns:
 * the engines, and the HDF5 library that a worker loads from its own file. ONNX Runtime brings binaries for every system; one is enough.
 * Its two other packages serve an install script that never runs.
 * @param {{ platform: string, arch: string, tensorflow: boolean }} target in Node's words
 */
export function engineFiles({ platform, arch, tensorflow }) {
  const runtime = 'node_modules/onnxruntime-node';
  const common = 'node_modules/onnxruntime-common';
  const binding = 'node_modules/@tensorflow/tfjs-node-gpu';
  return [
    'node_modules/h5wasm/package.json',
    'node_modules/h5wasm/LICENSE.txt',
    'node_modules/h5wasm/dist/esm/{hdf5_hl,hdf5_util,file_handlers}.js',
    `${runtime}/package.json`,
    `${runtime}/dist/**/*.js`,
    `${runtime}/bin/*/${platform}/${arch}/**`,
    `${common}/package.json`,
    `${common}/dist/cjs/**/{*.js,package.json}`,
    ...(tensorflow ? [`${binding}/package.json`, `${binding}/lib/**`] : []),
  ];
}

/** Where a package's native engines lie: outside the archive, since the system loads them. */
export const unpackedModules = (folder) =>
  join(folder, 'resources', 'app.asar.unpacked', 'node_modules');

export const hasTensorflow = () => readJson(tensorflowRecord)?.available === true;

/**
 * Puts TensorFlow's libraries beside the unpacked binding, which looks for
 * them there first ($ORIGIN/../../deps/lib).
 */
export function addNativeLibraries(folder) {
  if (!hasTensorflow()) {
    process.stderr.write('  The package has no TensorFlow engine: it is not set up here.\n');
    return;
  }
  const tensorflow = readJson(tensorflowRecord);
  const binding = join(unpackedModules(folder), '@tensorflow', 'tfjs-node-gpu');
  const libraries = join(binding, 'deps', 'lib');
  mkdirSync(libraries, { recursive: true });
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    copyFileSync(join(tensorflow.folder, 'tensorflow', name), join(libraries, name));
  }
}

/**
 * Loads every engine from where the package has it, in a process of its own.
 * A module that is found elsewhere (Node looks on in the checkout's own
 * node_modules) is missing from the package.
 * @returns {Promise<string>} their names
 */
export async function verifyEngines(folder) {
  const engines = [
    { name: 'ONNX Runtime', module: 'onnxruntime-node' },
    ...(hasTensorflow()
      ? [
          {
            name: 'TensorFlow',
            module: '@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node',
          },
        ]
      : []),
  ];
  const modules = unpackedModules(folder);
  for (const { name, module } of engines) {
    const result = await capture(process.execPath, ['-e', loadOnly, modules, module], {
      cwd: folder,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ORT_DISABLE_TELEMETRY: '1' },
    });
    if (result.code !== 0) {
      throw new SetupError(
        `${name} does not load from the package.\n${tail(result)}`,
        'compare engineFiles in scripts/package/contents.mjs with what the package needs.',
      );
    }
  }
  return engines.map(({ name }) => name).join(', ');
}

const loadOnly = `
const [modules, module] = process.argv.slice(1);
require(require('node:path').join(modules, module));
const strange = Object.keys(require.cache).filter((path) => !path.startsWith(modules));
if (strange.length > 0) throw new Error('not in the package: ' + strange.join(', '));
`;

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
