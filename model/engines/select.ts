import { ModelError } from '../errors';
import type { Device, Engine, EngineName } from './engine';
import { onnxEngine, onnxProviders, type OnnxProvider } from './onnx/onnx-engine';
import { tensorflowEngine } from './tensorflow/tensorflow-engine';

export interface EngineChoice {
  readonly engine: EngineName | 'auto';
  readonly device: Device | 'auto';
  /** Which of an engine's ways to a GPU; without it the one with the fastest hope. */
  readonly provider?: OnnxProvider | undefined;
  /** Threads of the kernels; the first engine of a process decides. */
  readonly threads: number;
}

function startTensorflow(choice: EngineChoice): Engine {
  if (choice.device === 'cpu') process.env['CUDA_VISIBLE_DEVICES'] = '';
  const engine = tensorflowEngine({ threads: choice.threads });
  if (choice.device === 'auto' || engine.device === choice.device) return engine;
  throw new ModelError(
    'engine.unavailable',
    `TensorFlow runs on the ${engine.device} here, not on the ${choice.device}.`,
    {
      hint:
        choice.device === 'gpu'
          ? 'Run "npm run setup -- --tensorflow" on a machine with an NVIDIA GPU and its driver, or choose the CPU.'
          : 'Restart the app and choose the CPU before the engine starts.',
      data: { engine: 'tensorflow', device: engine.device },
    },
  );
}

/** The provider asked for, if this build has it. */
function providerFor({ device, provider }: EngineChoice): OnnxProvider {
  const built = onnxProviders();
  const wanted =
    provider ?? (device === 'gpu' ? built.find((one) => one !== 'cpu') : ('cpu' as const));
  if (wanted !== undefined && built.includes(wanted)) return wanted;
  throw new ModelError(
    'engine.unavailable',
    `This build of ONNX Runtime has no ${wanted ?? 'way to a GPU'}.`,
    {
      hint: 'Choose the CPU, or "auto".',
      data: { engine: 'onnx', provider: wanted ?? null, notBuilt: true },
    },
  );
}

async function startOnnx(choice: EngineChoice): Promise<Engine> {
  return onnxEngine({ provider: providerFor(choice), threads: choice.threads });
}

/**
 * Starts the engine that was asked for. `auto` is the rule before any probe:
 * ONNX Runtime, and on the CPU unless a GPU was asked for; TensorFlow only
 * where that can't be started. The app asks for one engine and device by name,
 * chosen by what the probe measured (main/engines).
 * Throws `engine.unavailable` with the reason.
 */
export async function selectEngine(choice: EngineChoice): Promise<Engine> {
  switch (choice.engine) {
    case 'onnx':
      return startOnnx(choice);
    case 'tensorflow':
      return startTensorflow(choice);
    case 'auto':
      try {
        return await startOnnx(choice);
      } catch (error) {
        if (!(error instanceof ModelError) || error.code !== 'engine.unavailable') throw error;
        return startTensorflow(choice);
      }
  }
}
