import type { Engine } from '../engine';
import { loadBinding, type BindingOptions } from './binding';
import { inferenceSession } from './inference-session';
import { promised } from './promised';
import { trainingSession } from './training-session';

/** The engine on TensorFlow's own kernels, through the binding of TensorFlow.js. Throws `engine.unavailable`. */
export function tensorflowEngine(options: BindingOptions): Engine {
  const binding = loadBinding(options);
  const device = binding.isUsingGpuDevice() ? 'gpu' : 'cpu';
  return {
    name: 'tensorflow',
    device,
    provider: device === 'gpu' ? 'cuda' : 'cpu',
    description: `TensorFlow ${binding.TF_Version} (${device})`,
    compileInference: (network, weights, shape) =>
      promised(() => inferenceSession(binding, network, weights, shape)),
    compileTraining: (network, weights, training) =>
      promised(() => trainingSession(binding, network, weights, training)),
    memory: () => ({ tensors: binding.getNumOfTensors(), graphs: binding.getNumOfSavedModels() }),
  };
}
