import { availableParallelism } from 'node:os';

export interface ComputePreferences {
  /** null = what the machine has; the window keeps one core for itself. */
  readonly threads: number | null;
  readonly device: 'auto' | 'cpu' | 'gpu';
}

/**
 * Environment of a compute process. It must be set before the engine's
 * libraries load, which is why it goes along with the start.
 */
export function computeEnvironment({
  threads,
  device,
}: ComputePreferences): Readonly<Record<string, string>> {
  const count = String(Math.max(1, threads ?? availableParallelism()));
  return {
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: count,
    TF_CPP_MIN_LOG_LEVEL: '3',
    // From 1.29 on ONNX Runtime reports to its maker by default; nothing leaves this app.
    ORT_DISABLE_TELEMETRY: '1',
    ...(device === 'cpu' ? { CUDA_VISIBLE_DEVICES: '-1' } : {}),
  };
}
