import type { Network } from '../../network/network';
import { checkWeights } from '../../network/weights';
import { writeForward } from '../differentiate';
import type { InferenceSession, InferenceShape } from '../engine';
import { CompiledGraph } from './compiled-graph';
import { constantParameters } from './constant-parameters';
import { FeatureMap, type Writing } from './feature-map';
import { GraphBuilder } from './graph';
import { language } from './language';
import { fromPixels, toPixels } from './pixel-order';
import { softmax, unary } from './operations';
import type { Placement } from './placement';
import { stepsOf } from './steps';

/** Compiles image → probability for one shape. */
export async function inferenceSession(
  placement: Placement,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  shape: InferenceShape,
): Promise<InferenceSession> {
  checkWeights(network, weights);
  const { batch, height, width } = shape;
  const graph = new GraphBuilder(placement.provider);
  const writing: Writing = { graph, block: null };
  const imageShape = [batch, height, width, network.inputChannels];
  const image = FeatureMap.of(
    writing,
    fromPixels(graph, graph.input('image', imageShape)),
    'plain',
  );
  const parameter = constantParameters(graph, network, weights);
  const { logits } = writeForward(language, writing, stepsOf(network), image, parameter);
  const probability =
    network.output === 'softmax'
      ? softmax(graph, 'Softmax', logits.plain)
      : unary(graph, 'Sigmoid', logits.plain);
  const output = toPixels(graph, probability);
  graph.output(output);
  const compiled = await CompiledGraph.load(graph, placement);
  return {
    shape,
    async run(images) {
      const values = new Float32Array(batch * height * width * network.classes);
      await compiled.run(
        [{ name: 'image', shape: imageShape, values: images }],
        [{ ...output, values }],
      );
      return values;
    },
    dispose() {
      compiled.dispose();
    },
  };
}
