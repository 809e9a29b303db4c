import { imageInput, type Network } from '../../../network/network';
import { checkWeights } from '../../../network/weights';
import { writeForward } from '../../differentiate';
import type { ActivationRanges, InferenceSession, InferenceShape } from '../../engine';
import { CompiledGraph } from '../compiled-graph';
import { constantParameters } from '../constant-parameters';
import type { Writing } from '../feature-map';
import { GraphBuilder, integer, type Node } from '../graph';
import { language as floatLanguage } from '../language';
import { unary } from '../operations';
import { toPixels } from '../pixel-order';
import type { Placement } from '../placement';
import { stepInputs, stepsOf, type Step } from '../steps';
import { ByteMap, converted } from './byte-map';
import { encodingsOf } from './encoding';
import { byteLanguage, filterOf, parameterValues } from './language';
import { quantisedFilter, widened } from './quantised-filter';
import { projectedBytes } from './step-bytes';

export interface Quantisation {
  readonly ranges: ActivationRanges;
  /** Steps of the weights on either side of zero. */
  readonly levels: number;
}

/** The 8-bit convolution without an intermediate copy reads channels by fours (ONNX Runtime 1.30). */
const channelGroup = 4;

/** Channels that the image gets: convolutions take no notice of those beyond their own. */
function paddedTo(steps: readonly Step[], channels: number): number {
  const convolvedOnly = steps.every(
    (step) =>
      !stepInputs(step).includes(imageInput) ||
      (step.kind === 'convolution-step' && step.addend === null),
  );
  return convolvedOnly ? Math.ceil(channels / channelGroup) * channelGroup : channels;
}

/** Adds channels of zeros to every pixel. */
function withChannels(
  images: Float32Array<ArrayBuffer>,
  channels: number,
  wanted: number,
): Float32Array<ArrayBuffer> {
  if (channels === wanted) return images;
  const padded = new Float32Array((images.length / channels) * wanted);
  for (let pixel = 0, at = 0; at < images.length; pixel++)
    for (let channel = 0; channel < channels; channel++)
      padded[pixel * wanted + channel] = images[at++] ?? 0;
  return padded;
}

/** Compiles image → probability in 8 bits for one shape; only the logits are floats. */
export async function int8Session(
  placement: Placement,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  shape: InferenceShape,
  { ranges, levels }: Quantisation,
): Promise<InferenceSession> {
  checkWeights(network, weights);
  const { batch, height, width } = shape;
  const graph = new GraphBuilder('cpu');
  const writing: Writing = { graph, block: null };
  const { inputChannels } = network;
  const steps = stepsOf(network);
  const paddedChannels = paddedTo(steps, inputChannels);
  const imageShape = [batch, height, width, paddedChannels];
  const encodings = encodingsOf(steps, ranges);
  const values = parameterValues(network, weights);
  const parameter = constantParameters(graph, network, weights);
  const given = graph.input(imageInput, imageShape);
  const own = encodings.get(imageInput);
  if (own === undefined) throw new Error('The image has no encoding.');
  const encoding = {
    ...own,
    scales: new Float32Array(paddedChannels).fill(Math.max(...own.scales)),
  };
  const image = ByteMap.ofBytes(
    writing,
    converted(writing, 'QuantizeLinear', given, encoding),
    encoding,
  );
  const body = steps.slice(0, -1);
  const language = byteLanguage(encodings, values, levels);
  const { values: maps } = writeForward(language, writing, body, image, parameter);

  /** The last step, [batch, rows, columns, classes]. */
  const logits = (step: Step): Node => {
    const inputs = language.inputsOf(step).map((name) => {
      const map = maps.get(name);
      if (map === undefined) throw new Error(`There is no layer "${name}".`);
      return map;
    });
    const [first] = inputs;
    const filter = step.kind === 'convolution-step' ? filterOf(step, values) : null;
    if (step.kind === 'convolution-step' && filter?.taps === 1 && !step.relu && first) {
      const { zeroPoint, scales } = first.encoding;
      const quantised = quantisedFilter(widened(filter, scales.length), scales, levels);
      return projectedBytes(graph, first.bytes, zeroPoint, step.convolution, quantised);
    }
    const floats = inputs.map(({ float }) => float);
    return toPixels(graph, floatLanguage.forward(writing, step, floats, parameter).plain);
  };
  const last = steps.at(-1);
  if (last === undefined) throw new Error('A network without layers has no logits.');
  const made = logits(last);
  const output =
    network.output === 'softmax'
      ? graph.operation('Softmax', [made], { axis: integer(3) }, made.shape)
      : unary(graph, 'Sigmoid', made);
  graph.output(output);
  const compiled = await CompiledGraph.load(graph, placement);
  return {
    shape,
    async run(images) {
      const probabilities = new Float32Array(batch * height * width * network.classes);
      await compiled.run(
        [
          {
            name: imageInput,
            shape: imageShape,
            values: withChannels(images, inputChannels, paddedChannels),
          },
        ],
        [{ ...output, values: probabilities }],
      );
      return probabilities;
    },
    dispose() {
      compiled.dispose();
    },
  };
}
