import { MembranaError } from '#contract/errors';
import type { Handler } from '../request';
import type { EngineChoice, ProbeAnswer, ProbeStage } from '../requests';

const unavailable = (data: Record<string, boolean>): MembranaError =>
  new MembranaError('engine.unavailable', 'Cannot find the library.', { hint: '-', data });

/** A machine where every engine meets another end, in a process that really meets it. */
export const toyProbe: Handler<{ choice: EngineChoice }, ProbeStage, ProbeAnswer> = async (
  { choice },
  { progress },
) => {
  const right = {
    ok: true,
    maxError: 1e-6,
    tolerance: 2e-3,
    forwardMs: 120,
    stepMs: 300,
    fastMs: 60,
  };
  switch (`${choice.engine} ${choice.provider ?? ''}`) {
    case 'onnx cpu':
      return right;
    case 'onnx webgpu':
      progress('checking');
      // Told before the process ends.
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(process.pid, 'SIGSEGV');
      return new Promise<ProbeAnswer>(() => undefined);
    case 'onnx cuda':
      throw unavailable({ notBuilt: true });
    case 'onnx dml':
      progress('checking');
      throw new MembranaError('engine.out-of-memory', 'No memory.', { hint: '-' });
    case 'onnx coreml':
      progress('checking');
      throw unavailable({});
    case 'tensorflow cpu':
      return { ...right, ok: false, maxError: 0.213, forwardMs: null, stepMs: null, fastMs: null };
    case 'tensorflow cuda':
      progress('timing');
      return new Promise<ProbeAnswer>(() => undefined);
    default:
      throw unavailable({ notSetUp: true });
  }
};
