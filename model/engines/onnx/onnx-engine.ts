import { createRequire } from 'node:module';
import { ModelError } from '../../errors';
import type { Engine } from '../engine';

export type OnnxProvider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** Fastest hope first. */
const order: readonly OnnxProvider[] = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

interface Backend {
  readonly name: string;
  readonly bundled: boolean;
}

interface Runtime {
  listSupportedBackends(): readonly Backend[];
}

function isRuntime(value: unknown): value is Runtime {
  return (
    typeof value === 'object' &&
    value !== null &&
    'listSupportedBackends' in value &&
    typeof value.listSupportedBackends === 'function'
  );
}

function runtime(): Runtime {
  try {
    const required: unknown = createRequire(import.meta.url)('onnxruntime-node');
    if (!isRuntime(required)) throw new Error('the package lacks the expected functions');
    return required;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ModelError('engine.unavailable', `ONNX Runtime could not be started: ${why}`, {
      hint: 'Install the app again.',
      data: { engine: 'onnx' },
      cause,
    });
  }
}

/** Providers that this build of ONNX Runtime can try here, fastest hope first. Loads the library. Throws engine.unavailable where it can't be loaded. */
export function onnxProviders(): Promise<readonly OnnxProvider[]> {
  return Promise.resolve().then(() => {
    const bundled = new Set<string>(
      runtime()
        .listSupportedBackends()
        .filter((backend) => backend.bundled)
        .map(({ name }) => name),
    );
    return order.filter((provider) => bundled.has(provider));
  });
}

/** Throws engine.unavailable with the reason. */
export async function onnxEngine(options: {
  readonly provider: OnnxProvider;
  readonly threads: number;
}): Promise<Engine> {
  await onnxProviders();
  throw new ModelError(
    'engine.unavailable',
    'The ONNX Runtime engine is not a part of this version.',
    {
      hint: 'Choose the TensorFlow engine, or "auto".',
      data: { engine: 'onnx', provider: options.provider },
    },
  );
}
