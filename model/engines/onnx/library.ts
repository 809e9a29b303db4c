import { createRequire } from 'node:module';
import type * as Library from 'onnxruntime-node';
import { ModelError } from '../../errors';

export type OnnxLibrary = typeof Library;
export type OnnxTensor = Library.Tensor;

const packageName = 'onnxruntime-node';

let loaded: OnnxLibrary | undefined;

/** Loads ONNX Runtime into this process, once. Throws `engine.unavailable`. */
export function loadLibrary(): OnnxLibrary {
  if (loaded !== undefined) return loaded;
  // Read by the library while it loads: without it every session would write a usage report.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    const required: unknown = createRequire(import.meta.url)(packageName);
    if (!isLibrary(required)) throw new Error('the package lacks the expected functions');
    loaded = required;
    return loaded;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ModelError(
      'engine.unavailable',
      `The ONNX Runtime engine could not be started: ${reason}`,
      {
        hint: 'Run "npm run setup", or install the app again.',
        data: { engine: 'onnx' },
        cause,
      },
    );
  }
}

function isLibrary(value: unknown): value is OnnxLibrary {
  return (
    typeof value === 'object' &&
    value !== null &&
    'InferenceSession' in value &&
    'Tensor' in value &&
    'listSupportedBackends' in value
  );
}

/** Turns what ONNX Runtime threw into the engine's own errors. */
export function engineFailure(action: string, cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  const data = { engine: 'onnx' };
  if (/out of memory|bad[_ ]alloc|failed to allocate|allocat.*memory/i.test(message)) {
    return new ModelError('engine.out-of-memory', `ONNX Runtime ran out of memory: ${message}`, {
      hint: 'Choose a smaller network or smaller tiles, or close other programs.',
      data,
      cause,
    });
  }
  // The provider's own library is no part of this build, or there is nothing that it could drive.
  const notBuilt = /failed to load shared library/i.test(message);
  if (
    notBuilt ||
    /no supported adapters|no CUDA-capable device|no suitable device/i.test(message)
  ) {
    return new ModelError('engine.unavailable', `ONNX Runtime has no such device: ${message}`, {
      hint: 'Choose the CPU, or "auto".',
      data: { ...data, notBuilt },
      cause,
    });
  }
  return new ModelError('engine.failed', `ONNX Runtime could not ${action}: ${message}`, {
    hint: 'Try again; if it happens again, save diagnostics from the Help menu and report this.',
    data,
    cause,
  });
}
