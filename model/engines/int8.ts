import { ModelError } from '../errors';
import type { Engine, Int8Inference } from './engine';

/** The 8-bit inference of an engine. Throws `engine.unavailable` where it has none. */
export function int8Of(engine: Engine): Int8Inference {
  if (engine.int8 !== undefined) return engine.int8;
  throw new ModelError('engine.unavailable', `${engine.description} has no 8-bit inference.`, {
    hint: 'Choose ONNX Runtime on the CPU for fast inference, or go without "fast".',
    data: { engine: engine.name, device: engine.device },
  });
}
