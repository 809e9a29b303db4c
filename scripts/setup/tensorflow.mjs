import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './console.mjs';
import { readJson, runtime, tensorflowRecord, writeJson } from './paths.mjs';
import { capture, which } from './process.mjs';
import {
  buildBinding,
  isBuilt,
  linkBinding,
  linked,
  verifyBinding,
} from './tensorflow-binding.mjs';
import { addCommand, planTensorflow } from './tensorflow-plan.mjs';
import { fetchWheels } from './tensorflow-wheels.mjs';

const version = '2.21.0';

/**
 * The TensorFlow engine, for those who want it beside ONNX Runtime: the
 * libraries of the wheel from PyPI, and the binding of
 * @tensorflow/tfjs-node-gpu built against them. What came of it stands in
 * `tensorflow.json`. Only where it was asked for by name is a failure an error.
 * @param {(text: string) => void} note
 * @param {import('./tensorflow-plan.mjs').Wish} wish
 */
export async function installTensorflow(note, wish) {
  const variant = (await hasNvidiaGpu()) ? 'gpu' : 'cpu';
  const folder = join(runtime, 'tensorflow', `${variant}-${version}-${process.arch}`);
  const known = readJson(tensorflowRecord);
  const key = `${variant} ${version} ${process.platform} ${process.arch}`;
  const line = `TensorFlow ${version} (${variant === 'gpu' ? 'CUDA' : 'CPU'})`;
  const failed = known?.failed === true && known.key === key;
  const plan = planTensorflow(wish, {
    added: known?.available === true,
    ready: known?.key === key && linked(folder),
    failed,
  });
  if (plan === 'nothing') return line;
  if (plan === 'leave out') {
    return failed
      ? `TensorFlow (left out, the last attempt failed; once more with: ${addCommand})`
      : `TensorFlow (left out; add it with: ${addCommand})`;
  }
  if (plan === 'say why not') return unavailable(known.reason);
  try {
    await refuseWithoutTools(folder);
    if (!existsSync(join(folder, 'complete.json')))
      await fetchWheels(folder, { variant, version, note });
    await buildBinding(folder, note);
    linkBinding(folder);
    await verifyBinding();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const reason = `${error.message}\nNext: ${error.next}`;
    writeJson(tensorflowRecord, {
      available: false,
      key,
      reason,
      failed: !(error instanceof ToolsMissing),
    });
    if (wish === 'add') throw error;
    return unavailable(reason);
  }
  writeJson(tensorflowRecord, { available: true, key, version, variant, folder });
  return line;
}

function unavailable(reason) {
  return {
    summary: 'TensorFlow engine: left out',
    missing: `${reason}\nMembrana runs on ONNX Runtime without it.`,
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

/** Nothing was tried: the next attempt need not be asked for. */
class ToolsMissing extends SetupError {}

async function refuseWithoutTools(folder) {
  if (process.platform !== 'linux') {
    throw new ToolsMissing(
      `Set-up builds the TensorFlow engine on Linux only, not on ${process.platform}.`,
      'go on with ONNX Runtime, which is there already.',
    );
  }
  const debian = [];
  if (!existsSync(join(folder, 'complete.json'))) {
    if (which('python3') === undefined)
      debian.push(['Python 3', 'python3'], ['pip', 'python3-pip']);
    else if ((await capture('python3', ['-m', 'pip', '--version'])).code !== 0) {
      debian.push(['pip for Python 3', 'python3-pip']);
    }
  }
  if (!isBuilt(folder) && which('g++') === undefined) debian.push(['a C++ compiler (g++)', 'g++']);
  if (debian.length === 0) return;
  const names = debian.map(([name]) => name).join(' and ');
  const packages = debian.map(([, name]) => name).join(' ');
  throw new ToolsMissing(
    `Missing: ${names}.`,
    `on Debian and Ubuntu type: sudo apt-get install -y ${packages}; then: ${addCommand}`,
  );
}
