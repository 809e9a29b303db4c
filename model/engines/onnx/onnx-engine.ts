import { ModelError } from '../../errors';
import type { Engine, Int8Inference } from '../engine';
import { graphsAlive } from './compiled-graph';
import { calibrate } from './int8/calibration';
import { int8Session } from './int8/int8-session';
import { weightLevels } from './int8/weight-levels';
import { inferenceSession } from './inference-session';
import { blockSize } from './kernel-blocks';
import { loadLibrary } from './library';
import type { OnnxProvider, Placement } from './placement';
import { startProvider } from './provider-start';
import { trainingSession } from './training-session';
import { builtGradientWorker } from './worker-lane';

export type { OnnxProvider } from './placement';

/** Providers that this build of ONNX Runtime can try, in the order of hope. Throws `engine.unavailable`. */
export function onnxProviders(): readonly OnnxProvider[] {
  const known: readonly OnnxProvider[] = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];
  const listed = new Set(
    loadLibrary()
      .listSupportedBackends()
      .map(({ name }) => name),
  );
  return known.filter((name) => listed.has(name));
}

/** The engine on ONNX Runtime's kernels. Throws `engine.unavailable`. */
export async function onnxEngine(options: {
  readonly provider: OnnxProvider;
  readonly threads: number;
  /** The built `gradient-worker`; the one beside the running bundle where left out. */
  readonly worker?: URL;
}): Promise<Engine> {
  const { provider, threads, worker = builtGradientWorker() } = options;
  if (!onnxProviders().includes(provider)) {
    throw new ModelError(
      'engine.unavailable',
      `ONNX Runtime has no provider "${provider}" on this system.`,
      { hint: 'Choose the CPU, or "auto".', data: { engine: 'onnx', provider } },
    );
  }
  const block = provider === 'cpu' ? await blockSize() : null;
  const placement: Placement = { provider, threads, block, worker };
  if (provider !== 'cpu') await startProvider(placement);
  return {
    name: 'onnx',
    device: provider === 'cpu' ? 'cpu' : 'gpu',
    provider,
    description: `ONNX Runtime ${libraryVersion()} (${provider})`,
    compileInference: (network, weights, shape) =>
      inferenceSession(placement, network, weights, shape),
    compileTraining: (network, weights, training) =>
      new Promise((resolve) => {
        resolve(trainingSession(placement, network, weights, training));
      }),
    ...(provider === 'cpu' ? { int8: int8Inference(placement) } : {}),
    memory: () => ({ tensors: 0, graphs: graphsAlive() }),
  };
}

/** The 8-bit kernels are the CPU provider's. */
function int8Inference(placement: Placement): Int8Inference {
  return {
    calibrate: (network, weights, shape, images) =>
      calibrate(placement, network, weights, shape, images),
    compile: async (network, weights, shape, ranges) =>
      int8Session(placement, network, weights, shape, { ranges, levels: await weightLevels() }),
  };
}

function libraryVersion(): string {
  const { env } = loadLibrary();
  return env.versions.node ?? env.versions.common;
}
