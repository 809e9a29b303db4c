import { createRequire } from 'node:module';
import { ModelError } from '../../errors';

/** A tensor that TensorFlow holds, by its number in the binding. */
export interface TensorHandle {
  readonly id: number;
  readonly shape: readonly number[];
}

/** The part of the native binding of `@tensorflow/tfjs-node-gpu` that we call. */
export interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_Version: string;
  createTensor(shape: readonly number[], dtype: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly TensorHandle[];
  isUsingGpuDevice(): boolean;
}

const bindingPath = '@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node';

let loaded: Binding | undefined;

export interface BindingOptions {
  /** Threads of the kernels; taken when TensorFlow is loaded first, fixed after. */
  readonly threads: number;
}

/**
 * Loads TensorFlow into this process, once. It reads its settings from the
 * environment while it starts, so they are set here:
 * - oneDNN's kernels are off by default on processors without AVX-512; they
 *   are 2–8 × faster in the gradients there as well (measured: filter gradient
 *   24 → 8 channels at 256², one thread, 6.9 ms against 66 ms).
 * - the kernels run one after the other: the threads are inside them.
 * Throws `engine.unavailable`.
 */
export function loadBinding(options: BindingOptions): Binding {
  if (loaded !== undefined) return loaded;
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(options.threads);
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
  try {
    const required: unknown = createRequire(import.meta.url)(bindingPath);
    if (!isBinding(required)) throw new Error('the binding lacks the expected functions');
    loaded = required;
    return loaded;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ModelError(
      'engine.unavailable',
      `The TensorFlow engine could not be started: ${why}`,
      {
        hint: 'Run "npm run setup -- --tensorflow": it builds the engine and says what is missing.',
        data: { engine: 'tensorflow', notSetUp: isAbsent(cause) },
        cause,
      },
    );
  }
}

/** The binding, or the library that it wants, is not on the disk. */
function isAbsent(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  return (
    Reflect.get(cause, 'code') === 'MODULE_NOT_FOUND' ||
    /cannot open shared object file|image not found|specified module could not be found/.test(
      cause.message,
    )
  );
}

function isBinding(value: unknown): value is Binding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'runSavedModel' in value &&
    typeof value.runSavedModel === 'function' &&
    'loadSavedModel' in value &&
    'createTensor' in value &&
    'TF_FLOAT' in value
  );
}
