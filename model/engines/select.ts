import { ModelError } from '../errors';
import type { Device, Engine, EngineName } from './engine';
import { onnxEngine } from './onnx/onnx-engine';
import { tensorflowEngine } from './tensorflow/tensorflow-engine';

export interface EngineChoice {
  readonly engine: EngineName | 'auto';
  readonly device: Device | 'auto';
  /** Threads of the kernels; the first engine of a process decides. */
  readonly threads: number;
}

/** Whether an engine can be used here, and if not, why. */
export type Availability =
  | {
      readonly engine: EngineName;
      readonly available: true;
      readonly device: Device;
      readonly description: string;
    }
  | {
      readonly engine: EngineName;
      readonly available: false;
      readonly reason: string;
      readonly hint: string;
    };

/** Starts the engine that was asked for. Throws `engine.unavailable` with the reason. */
export async function selectEngine(choice: EngineChoice): Promise<Engine> {
  if (choice.engine !== 'tensorflow') {
    const provider = choice.device === 'gpu' ? 'webgpu' : 'cpu';
    return onnxEngine({ provider, threads: choice.threads });
  }
  if (choice.device === 'cpu') process.env['CUDA_VISIBLE_DEVICES'] = '';
  const engine = tensorflowEngine({ threads: choice.threads });
  if (choice.device !== 'auto' && engine.device !== choice.device) {
    throw new ModelError(
      'engine.unavailable',
      `TensorFlow runs on the ${engine.device} here, not on the ${choice.device}.`,
      {
        hint:
          choice.device === 'gpu'
            ? 'Run "npm run setup" on a machine with an NVIDIA GPU and its driver, or choose the CPU.'
            : 'Restart the app and choose the CPU before the engine starts.',
        data: { engine: 'tensorflow', device: engine.device },
      },
    );
  }
  return engine;
}

/** Every engine and whether it can be used here. Loads the ones that can. */
export async function listEngines(threads: number): Promise<readonly Availability[]> {
  const attempt = async (engine: EngineName): Promise<Availability> => {
    try {
      const { device, description } = await selectEngine({ engine, device: 'auto', threads });
      return { engine, available: true, device, description };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      return { engine, available: false, reason: error.message, hint: error.hint };
    }
  };
  return [await attempt('tensorflow'), await attempt('onnx')];
}
