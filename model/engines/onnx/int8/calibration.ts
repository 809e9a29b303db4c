import { imageInput, type Network } from '../../../network/network';
import { checkWeights } from '../../../network/weights';
import { writeForward } from '../../differentiate';
import type { ActivationRanges, ChannelRanges, InferenceShape } from '../../engine';
import { CompiledGraph } from '../compiled-graph';
import { constantParameters } from '../constant-parameters';
import { FeatureMap, type Writing } from '../feature-map';
import { GraphBuilder, integer, integers, type Node } from '../graph';
import { language } from '../language';
import { fromPixels } from '../pixel-order';
import type { Placement } from '../placement';
import { stepsOf } from '../steps';

/** The extreme values of each channel, found in the graph: a map of 512² would be megabytes to hand out. */
function extremes(graph: GraphBuilder, op: 'ReduceMin' | 'ReduceMax', map: Node): Node {
  const attributes = { axes: integers([0, 2, 3]), keepdims: integer(0) };
  return graph.operation(op, [map], attributes, [map.shape[1] ?? 1]);
}

/** Runs the network in float over the images and gives the range of each channel of each map. */
export async function calibrate(
  placement: Placement,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  { batch, height, width }: InferenceShape,
  images: readonly Float32Array<ArrayBuffer>[],
): Promise<ActivationRanges> {
  checkWeights(network, weights);
  const graph = new GraphBuilder('cpu');
  const writing: Writing = { graph, block: null };
  const imageShape = [batch, height, width, network.inputChannels];
  const image = FeatureMap.of(
    writing,
    fromPixels(graph, graph.input(imageInput, imageShape)),
    'plain',
  );
  const parameter = constantParameters(graph, network, weights);
  const { values } = writeForward(language, writing, stepsOf(network), image, parameter);
  const found = new Map<string, ChannelRanges>();
  const outputs = [...values].flatMap(([name, map]) => {
    const lowest = extremes(graph, 'ReduceMin', map.plain);
    const highest = extremes(graph, 'ReduceMax', map.plain);
    graph.output(lowest);
    graph.output(highest);
    found.set(name, {
      lowest: new Float32Array(map.channels).fill(Infinity),
      highest: new Float32Array(map.channels).fill(-Infinity),
    });
    return [
      { name, part: 'lowest', node: lowest },
      { name, part: 'highest', node: highest },
    ] as const;
  });
  const compiled = await CompiledGraph.load(graph, placement);
  try {
    for (const each of images) {
      const results = outputs.map(({ node }) => ({
        ...node,
        values: new Float32Array(node.shape[0] ?? 1),
      }));
      await compiled.run([{ name: imageInput, shape: imageShape, values: each }], results);
      outputs.forEach(({ name, part }, i) => {
        const known = found.get(name)?.[part];
        const widest = part === 'lowest' ? Math.min : Math.max;
        results[i]?.values.forEach((value, channel) => {
          if (known !== undefined) known[channel] = widest(known[channel] ?? value, value);
        });
      });
    }
  } finally {
    compiled.dispose();
  }
  return found;
}
