import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './console.mjs';
import { readJson, runtime, tensorflowRecord, writeJson } from './paths.mjs';
import { capture, which } from './process.mjs';
import { buildBinding, linkBinding, linked, verifyBinding } from './tensorflow-binding.mjs';
import { fetchWheels } from './tensorflow-wheels.mjs';

const version = '2.21.0';
const withoutIt =
  'Segment, train and retrain will not work without it; opening, browsing and painting will.';

/**
 * The TensorFlow engine: the libraries of the wheel from PyPI, and the
 * binding of @tensorflow/tfjs-node-gpu built against them. Where it can't be
 * had, `tensorflow.json` says why and set-up goes on.
 * @param {(text: string) => void} note
 * @param {{ retry: boolean }} options `retry`: try again what failed last time
 */
export async function installTensorflow(note, { retry }) {
  const variant = (await hasNvidiaGpu()) ? 'gpu' : 'cpu';
  const folder = join(runtime, 'tensorflow', `${variant}-${version}-${process.arch}`);
  const known = readJson(tensorflowRecord);
  const key = `${variant} ${version} ${process.platform} ${process.arch}`;
  const line = `TensorFlow ${version} (${variant === 'gpu' ? 'CUDA' : 'CPU'})`;
  if (known?.available && known.key === key && linked(folder)) return line;
  if (known?.failed && known.key === key && !retry)
    return unavailable(known.key, known.reason, known.failed);
  const lacking = await missingTools(folder);
  if (lacking !== undefined) return unavailable(key, lacking);
  try {
    if (!existsSync(join(folder, 'complete.json')))
      await fetchWheels(folder, { variant, version, note });
    await buildBinding(folder, note);
    linkBinding(folder);
    await verifyBinding();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return unavailable(key, `${error.message}\nNext: ${error.next}`, true);
  }
  writeJson(tensorflowRecord, { available: true, key, version, variant, folder });
  return line;
}

function unavailable(key, reason, failed = false) {
  writeJson(tensorflowRecord, { available: false, key, reason, failed });
  const again = failed ? '\n`npm run setup` tries again.' : '';
  return {
    summary: 'TensorFlow engine: not available',
    missing: `${reason}\n${withoutIt}${again}`,
  };
}

async function hasNvidiaGpu() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  if (existsSync('/proc/driver/nvidia/gpus'))
    return readdirSync('/proc/driver/nvidia/gpus').length > 0;
  if (which('nvidia-smi') === undefined) return false;
  const { code, stdout } = await capture('nvidia-smi', ['-L']);
  return code === 0 && stdout.includes('GPU 0');
}

/** @returns what is missing and how to add it, or undefined. */
async function missingTools(folder) {
  if (process.platform !== 'linux') {
    return `Set-up builds the TensorFlow engine on Linux only, not on ${process.platform}.`;
  }
  const debian = [];
  if (!existsSync(join(folder, 'complete.json'))) {
    if (which('python3') === undefined)
      debian.push(['Python 3', 'python3'], ['pip', 'python3-pip']);
    else if ((await capture('python3', ['-m', 'pip', '--version'])).code !== 0) {
      debian.push(['pip for Python 3', 'python3-pip']);
    }
  }
  if (which('g++') === undefined) debian.push(['a C++ compiler (g++)', 'g++']);
  if (debian.length === 0) return undefined;
  const names = debian.map(([name]) => name).join(' and ');
  const packages = debian.map(([, name]) => name).join(' ');
  return `Missing: ${names}. On Debian and Ubuntu type: sudo apt-get install -y ${packages}; then run \`npm run setup\`.`;
}
