import { checkWeights } from '../../network/weights';
import type { Network } from '../../network/network';
import type { InferenceSession, InferenceShape } from '../engine';
import type { Binding } from './binding';
import { CompiledGraph } from './compiled-graph';
import { constantParameters, writeForward } from './compile-network';
import { floatType, GraphBuilder } from './graph';
import { promised } from './promised';

const outputName = 'probability';

/** Compiles image → probability for one shape with the weights inside the graph. */
export function inferenceSession(
  binding: Binding,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  shape: InferenceShape,
): InferenceSession {
  checkWeights(network, weights);
  const graph = new GraphBuilder();
  const imageShape = [shape.batch, shape.height, shape.width, network.inputChannels];
  const image = graph.placeholder('image', imageShape);
  const { logits } = writeForward(
    graph,
    network,
    image,
    constantParameters(graph, network, weights),
  );
  const activation = network.output === 'softmax' ? 'Softmax' : 'Sigmoid';
  graph.operation(activation, [logits], { T: floatType }, logits.shape, outputName);
  const compiled = new CompiledGraph(binding, graph);
  return {
    shape,
    run: (images) =>
      promised(() => {
        const [probability] = compiled.run(
          [{ name: 'image', shape: imageShape, values: images }],
          [outputName],
        );
        return probability ?? new Float32Array();
      }),
    dispose() {
      compiled.dispose();
    },
  };
}
