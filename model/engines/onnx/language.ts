import type { GraphLanguage } from '../differentiate';
import type { FeatureMap, Writing } from './feature-map';
import type { Node } from './graph';
import { concatenate } from './layers/concatenate';
import { convolution, sumOfMaps } from './layers/convolution';
import { channelRms, groupNorm } from './layers/normalisation';
import { add, relu } from './layers/pointwise';
import { maxPool, upsample } from './layers/resample';
import { stepInputs, type Step } from './steps';

/** How the steps of a network are written as ONNX; a new kind of layer gets a line in each switch. */
export const language: GraphLanguage<Writing, FeatureMap, Node, Step> = {
  inputsOf: stepInputs,
  forward(writing, step, inputs, parameter) {
    switch (step.kind) {
      case 'convolution-step':
        return convolution.forward(writing, step, inputs, parameter);
      case 'relu':
        return relu.forward(writing, step, inputs, parameter);
      case 'add':
        return add.forward(writing, step, inputs, parameter);
      case 'group-norm':
        return groupNorm.forward(writing, step, inputs, parameter);
      case 'channel-rms':
        return channelRms.forward(writing, step, inputs, parameter);
      case 'max-pool':
        return maxPool.forward(writing, step, inputs, parameter);
      case 'upsample':
        return upsample.forward(writing, step, inputs, parameter);
      case 'concatenate':
        return concatenate.forward(writing, step, inputs, parameter);
    }
  },
  backward(writing, step, pass) {
    switch (step.kind) {
      case 'convolution-step':
        return convolution.backward(writing, step, pass);
      case 'relu':
        return relu.backward(writing, step, pass);
      case 'add':
        return add.backward(writing, step, pass);
      case 'group-norm':
        return groupNorm.backward(writing, step, pass);
      case 'channel-rms':
        return channelRms.backward(writing, step, pass);
      case 'max-pool':
        return maxPool.backward(writing, step, pass);
      case 'upsample':
        return upsample.backward(writing, step, pass);
      case 'concatenate':
        return concatenate.backward(writing, step, pass);
    }
  },
  sum: sumOfMaps,
};
