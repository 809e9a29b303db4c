import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './console.mjs';
import { root } from './paths.mjs';
import { capture, tail } from './process.mjs';
import { addCommand } from './tensorflow-plan.mjs';

const binding = join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
const headers = join(root, 'node_modules', 'node-api-headers', 'include');
/** Where the package looks for its binding. */
const installedBinding = join(binding, 'lib', 'napi-v8', 'tfjs_binding.node');

const libraries = (folder) => join(folder, 'tensorflow');
const built = (folder) => join(folder, 'tfjs_binding.node');

/** Whether the binding was compiled; then no compiler is needed. */
export const isBuilt = (folder) => existsSync(built(folder));

/**
 * Compiles the binding with g++ alone. It speaks Node-API 8, so the one file
 * serves every Node and Electron.
 */
export async function buildBinding(folder, note) {
  if (isBuilt(folder)) return;
  note('compiling the binding with g++');
  for (const name of ['cc', 'framework']) {
    const link = join(libraries(folder), `libtensorflow${name === 'cc' ? '' : '_framework'}.so`);
    rmSync(link, { force: true });
    symlinkSync(`libtensorflow_${name}.so.2`, link);
  }
  const sources = readdirSync(join(binding, 'binding'))
    .filter((file) => file.endsWith('.cc'))
    .map((file) => join(binding, 'binding', file));
  const fresh = `${built(folder)}.fresh`;
  const result = await capture('g++', [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...['-I', headers, '-I', join(libraries(folder), 'include'), ...sources],
    ...['-L', libraries(folder), '-ltensorflow', '-ltensorflow_framework'],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', fresh],
  ]);
  if (result.code !== 0) {
    throw new SetupError(
      `g++ could not compile the TensorFlow binding.\n${tail(result)}`,
      `install a g++ that knows C++17 (version 8 or later), then: ${addCommand}`,
    );
  }
  renameSync(fresh, built(folder));
}

/** Puts binding and libraries where the package and its own build expect them. */
export function linkBinding(folder) {
  const deps = join(binding, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(deps, { recursive: true });
  symlinkSync(libraries(folder), join(deps, 'lib'));
  symlinkSync(join(libraries(folder), 'include'), join(deps, 'include'));
  if (existsSync(join(folder, 'nvidia'))) symlinkSync(join(folder, 'nvidia'), join(deps, 'nvidia'));
  mkdirSync(join(installedBinding, '..'), { recursive: true });
  // Renamed into place: a process may have the old one loaded.
  copyFileSync(built(folder), `${installedBinding}.fresh`);
  renameSync(`${installedBinding}.fresh`, installedBinding);
}

export function linked(folder) {
  return (
    isBuilt(folder) &&
    existsSync(installedBinding) &&
    statSync(built(folder)).size === statSync(installedBinding).size &&
    existsSync(join(binding, 'deps', 'lib', 'libtensorflow_cc.so.2'))
  );
}

/** Loads the engine in a process of its own and compares a convolution with its known answer. */
export async function verifyBinding() {
  const result = await capture(process.execPath, ['-e', probe], {
    cwd: root,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  if (result.code !== 0 || !result.stdout.includes('convolution 9')) {
    throw new SetupError(
      `The TensorFlow binding does not run here.\n${tail(result)}`,
      `remove .runtime/tensorflow, then: ${addCommand}; report the lines above if it fails again.`,
    );
  }
}

const probe = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
util.isString ??= (value) => typeof value === 'string';
const tf = require('@tensorflow/tfjs-node-gpu');
const result = tf.conv2d(tf.ones([1, 5, 5, 1]), tf.ones([3, 3, 1, 1]), 1, 'valid').dataSync();
console.log('convolution', result[4]);
`;
