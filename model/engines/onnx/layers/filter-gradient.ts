import type { ConvolutionLayer } from '../../../network/network';
import { blocks, type FeatureMap, type Writing } from '../feature-map';
import type { Node } from '../graph';
import {
  concatenate,
  matrixProduct,
  reduce,
  reshape,
  shift,
  slice,
  transpose,
} from '../operations';

export interface FilterGradient {
  /** [out, in, rows, columns]. */
  readonly weight: Node;
  /** [out]. */
  readonly bias: Node;
}

/**
 * Gradient of a convolution by its weights and bias. The weight at row i and
 * column j of the window gathers Σ input(y + i − 1, x + j − 1) · gradient(y, x).
 * The input is shown shifted by rows and the gradient shifted by columns, so
 * that one matrix product over the pixels gives all nine taps:
 * [3 · in, pixels] · [pixels, 3 · out].
 */
export function filterGradient(
  writing: Writing,
  layer: ConvolutionLayer,
  input: FeatureMap,
  gradient: FeatureMap,
): FilterGradient {
  const { inputChannels, outputChannels } = layer;
  const inBlocks =
    input.layout === 'blocked' &&
    gradient.layout === 'blocked' &&
    blocks(writing, inputChannels, outputChannels);
  return inBlocks && writing.block !== null
    ? blockedGradient(writing, layer, input, gradient, writing.block)
    : plainGradient(writing, layer, input, gradient);
}

/** The map as it is and, for a window of three, shifted to either side along an axis; joined along another. */
function shifted({ graph }: Writing, node: Node, kernel: number, along: number): readonly Node[] {
  if (kernel === 1) return [node];
  return [shift(graph, node, along, 1), node, shift(graph, node, along, -1)];
}

function plainGradient(
  writing: Writing,
  { kernel, inputChannels, outputChannels }: ConvolutionLayer,
  input: FeatureMap,
  gradient: FeatureMap,
): FilterGradient {
  const { graph } = writing;
  const [batch = 1, , height = 1, width = 1] = input.shape;
  const pixels = height * width;
  const rows = [0, 1, 2].slice(0, kernel);
  // A row of ones in the product sums the gradient: the bias comes along for next to nothing.
  const ones = graph.constant(new Float32Array(batch * pixels).fill(1), [batch, 1, height, width]);
  const left = concatenate(graph, [...shifted(writing, input.plain, kernel, 2), ones], 1);
  // Shifted the other way round: what the input would show at x + j − 1.
  const right = concatenate(graph, shifted(writing, gradient.plain, kernel, 3).toReversed(), 1);
  const product = matrixProduct(
    graph,
    reshape(graph, left, [batch, left.shape[1] ?? 1, pixels]),
    reshape(graph, right, [batch, right.shape[1] ?? 1, pixels]),
    { b: true },
  );
  const sums = reduce(graph, 'Sum', product, [0], true);
  const taps = slice(graph, sums, 0, 0, rows.length * inputChannels);
  const weight = transpose(
    graph,
    reshape(graph, taps, [kernel, inputChannels, kernel, outputChannels]),
    [3, 1, 0, 2],
  );
  const last = slice(graph, sums, 0, rows.length * inputChannels, 1);
  const middle = slice(graph, last, 1, ((kernel - 1) / 2) * outputChannels, outputChannels);
  return { weight, bias: reshape(graph, middle, [outputChannels]) };
}

function blockedGradient(
  writing: Writing,
  { kernel, inputChannels, outputChannels }: ConvolutionLayer,
  input: FeatureMap,
  gradient: FeatureMap,
  block: number,
): FilterGradient {
  const { graph } = writing;
  const [batch = 1, , height = 1, width = 1] = input.shape;
  const pixels = height * width;
  const [blocksIn, blocksOut] = [inputChannels / block, outputChannels / block];
  const open = (map: FeatureMap, count: number): Node =>
    reshape(graph, map.blocked, [batch, count, height, width, block]);
  const left = concatenate(graph, shifted(writing, open(input, blocksIn), kernel, 2), 4);
  const gradients = open(gradient, blocksOut);
  const right = concatenate(graph, shifted(writing, gradients, kernel, 3).toReversed(), 4);
  const product = matrixProduct(
    graph,
    reshape(graph, left, [batch, blocksIn, 1, pixels, kernel * block]),
    reshape(graph, right, [batch, 1, blocksOut, pixels, kernel * block]),
    { a: true },
  );
  const sums = reduce(graph, 'Sum', product, [0], true);
  const weight = transpose(
    graph,
    reshape(graph, sums, [blocksIn, blocksOut, kernel, block, kernel, block]),
    [1, 5, 0, 3, 2, 4],
  );
  const ones = graph.constant(new Float32Array(pixels).fill(1), [1, pixels]);
  const flat = reshape(graph, gradients, [batch * blocksOut, pixels, block]);
  const perSample = reshape(graph, matrixProduct(graph, ones, flat), [batch, outputChannels]);
  return {
    weight: reshape(graph, weight, [outputChannels, inputChannels, kernel, kernel]),
    bias: reduce(graph, 'Sum', perSample, [0], true),
  };
}
