import { ModelError } from '../../errors';
import type { Network } from '../../network/network';
import { unet } from '../../network/unet';
import { onnxEngine } from '../onnx/onnx-engine';
import { gradientError, predictionError, updateError } from './agreement';
import { layerNetworks } from './layer-networks';

/**
 * The WebGPU provider against the float64 reference, in a process of its own:
 * its Vulkan driver is named by environment variables that must be there from
 * the start. Prints one JSON line a check, `{check, name, error}`, or the
 * refusal, `{code, message, hint}`.
 */
const print = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const small = { baseFilters: 4, levels: 1, inputChannels: 1, normalisation: 'none' } as const;
const binary = unet({ ...small, classes: 1 });
const exclusive = unet({ ...small, classes: 3, output: 'softmax' });

/** Wide enough for its filter gradients to be cut into strips of rows: two at 48². */
const wide = unet({ ...small, baseFilters: 16, classes: 1 });

async function check(): Promise<void> {
  const engine = await onnxEngine({ provider: 'webgpu', threads: 1 });
  const gradient = async (
    name: string,
    network: Network,
    count: number,
    size?: number,
  ): Promise<void> => {
    print({ check: 'gradient', name, error: await gradientError(engine, network, count, size) });
  };
  for (const { name, network } of layerNetworks('sigmoid')) await gradient(name, network, 1);
  for (const { name, network } of layerNetworks('softmax')) await gradient(name, network, 2);
  await gradient('strips of rows', wide, 1, 48);
  for (const [name, network] of Object.entries({ binary, exclusive })) {
    print({ check: 'updates', name, error: await updateError(engine, network, 8) });
    print({ check: 'prediction', name, error: await predictionError(engine, network, 8) });
  }
}

try {
  await check();
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  const { code, message, hint } = error;
  print({ code, message, hint });
}
// The driver's own threads would keep the process.
process.exit(0);
