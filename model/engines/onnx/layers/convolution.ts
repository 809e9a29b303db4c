import type { ConvolutionLayer } from '../../../network/network';
import { blockedKernels, blocks, FeatureMap, type Writing } from '../feature-map';
import { integer, integers, text, type Attributes, type Node } from '../graph';
import { add, reshape, reverse, sumOf, transpose, unary } from '../operations';
import type { ConvolutionStep } from '../steps';
import { filterGradient } from './filter-gradient';
import { whereActive } from './pointwise';
import { inputAt, type StepWriter } from './step-writer';

interface Convolved {
  readonly input: FeatureMap;
  /** [out, in, rows, columns]. */
  readonly weight: Node;
  readonly bias: Node | undefined;
  readonly addend: FeatureMap | undefined;
  readonly relu: boolean;
}

/** Zero-padded: the size stays. */
function windowOf(kernel: number): Attributes {
  const reach = (kernel - 1) / 2;
  return { kernel_shape: integers([kernel, kernel]), pads: integers([reach, reach, reach, reach]) };
}

/** `relu(conv(input) + bias + addend)`, in blocks where both sides consist of whole ones. */
function convolve(writing: Writing, given: Convolved): FeatureMap {
  const { graph, block } = writing;
  const { input, weight, bias, addend, relu } = given;
  const [out = 1, channels = 1, kernel = 1] = weight.shape;
  const shape = [input.shape[0] ?? 1, out, ...input.shape.slice(2)];
  if (block !== null && blocks(writing, out, channels)) {
    const attributes: Attributes = {
      ...windowOf(kernel),
      strides: integers([1, 1]),
      dilations: integers([1, 1]),
      group: integer(1),
      auto_pad: text('NOTSET'),
      ...(relu ? { activation: text('Relu') } : {}),
    };
    const filter = blockedFilter(writing, weight, block);
    const inputs = [input.blocked, filter, bias, addend?.blocked];
    const used = addend === undefined ? inputs.slice(0, bias === undefined ? 2 : 3) : inputs;
    const node = graph.operation('Conv', used, attributes, shape, blockedKernels);
    return FeatureMap.of(writing, node, 'blocked');
  }
  const inputs = [input.plain, weight, bias].slice(0, bias === undefined ? 2 : 3);
  let node = graph.operation('Conv', inputs, windowOf(kernel), shape);
  if (addend !== undefined) node = add(graph, node, addend.plain);
  if (relu) node = unary(graph, 'Relu', node);
  return FeatureMap.of(writing, node, 'plain');
}

/** [out, in, rows, columns] → [out / b, in / b, rows, columns, b in, b out], as the blocked kernel reads it. */
function blockedFilter({ graph }: Writing, weight: Node, block: number): Node {
  const [out = 1, channels = 1, rows = 1, columns = 1] = weight.shape;
  const cut = [out / block, block, channels / block, block, rows, columns];
  const ordered = transpose(graph, reshape(graph, weight, cut), [0, 2, 4, 5, 3, 1]);
  return reshape(graph, ordered, weight.shape);
}

/** The weights that carry a gradient back: in and out swapped, turned by 180°. */
function transposedFilter({ graph }: Writing, weight: Node): Node {
  const turned = (weight.shape[2] ?? 1) > 1 ? reverse(graph, weight, [2, 3]) : weight;
  return transpose(graph, turned, [1, 0, 2, 3]);
}

const weightName = (layer: ConvolutionLayer): string => `${layer.name}.weight`;
const biasName = (layer: ConvolutionLayer): string => `${layer.name}.bias`;

export const convolution: StepWriter<ConvolutionStep> = {
  forward(writing, { convolution: layer, addend, relu }, inputs, parameter) {
    return convolve(writing, {
      input: inputAt(inputs, 0),
      weight: parameter(weightName(layer)),
      bias: layer.bias ? parameter(biasName(layer)) : undefined,
      addend: addend === null ? undefined : inputAt(inputs, 1),
      relu,
    });
  },
  backward(writing, step, { inputs, output, gradient: given, parameter, needsInput }) {
    const { convolution: layer, addend, relu } = step;
    const input = inputAt(inputs, 0);
    const gradient = relu ? whereActive(writing, output, given) : given;
    const { weight, bias } = filterGradient(writing, layer, input, gradient);
    const parameters = new Map([[weightName(layer), weight]]);
    if (layer.bias) parameters.set(biasName(layer), bias);
    // A residual block's two ways back meet in the convolution itself.
    const residual = addend === layer.input;
    const inputGradient =
      needsInput[0] === true
        ? convolve(writing, {
            input: gradient,
            weight: transposedFilter(writing, parameter(weightName(layer))),
            bias: undefined,
            addend: residual ? gradient : undefined,
            relu: false,
          })
        : undefined;
    const addendGradient = addend === null || residual ? [] : [gradient];
    return { inputs: [inputGradient, ...addendGradient], parameters };
  },
};

/** The sum of gradients that meet in one map, in the layout of the first. */
export function sumOfMaps({ graph }: Writing, maps: readonly FeatureMap[]): FeatureMap {
  const [first] = maps;
  if (first === undefined) throw new Error('Nothing to add up.');
  if (maps.length === 1) return first;
  return first.like(
    sumOf(
      graph,
      maps.map((map) => map.in(first.layout)),
    ),
  );
}
