import type { ConcatenateLayer } from '../../../network/network';
import { blocks, FeatureMap } from '../feature-map';
import { concatenate as concatenateNodes, slice } from '../operations';
import { inputAt, noParameters, type StepWriter } from './step-writer';

const channelAxis = 1;

/** Joins two maps along the channels, in blocks where both consist of whole ones. */
export const concatenate: StepWriter<ConcatenateLayer> = {
  forward(writing, _step, inputs) {
    const first = inputAt(inputs, 0);
    const second = inputAt(inputs, 1);
    const inBlocks = blocks(writing, first.channels, second.channels);
    const layout = inBlocks ? 'blocked' : 'plain';
    const parts = [first.in(layout), second.in(layout)];
    return FeatureMap.of(writing, concatenateNodes(writing.graph, parts, channelAxis), layout);
  },
  backward(writing, _step, { inputs, output, gradient }) {
    const counts = [inputAt(inputs, 0).channels, inputAt(inputs, 1).channels] as const;
    const whole = gradient.in(output.layout);
    const part = (begin: number, size: number): FeatureMap =>
      FeatureMap.of(writing, slice(writing.graph, whole, channelAxis, begin, size), output.layout);
    return { inputs: [part(0, counts[0]), part(...counts)], parameters: noParameters };
  },
};
