import type { NetworkOutput } from '../../network/network';
import type { GraphBuilder, Node } from './graph';
import { add, divide, multiply, reduce, softmax, subtract, unary } from './operations';

export interface LossNodes {
  /** One number, in shape [1, 1, 1, 1]. */
  readonly value: Node;
  /** By the logits. */
  readonly gradient: Node;
}

interface Truth {
  /** [batch, classes, rows, columns]: 1 where the pixel is of the class. */
  readonly target: Node;
  /** [batch, classes, rows, columns]; [batch, 1, …] for softmax. */
  readonly weight: Node;
}

const plane = [2, 3];
const channel = [1];

/** Soft Dice of each class of each sample, and the gradient of 1 − Dice by the probabilities. */
function softDice(
  graph: GraphBuilder,
  probability: Node,
  { target, weight }: Truth,
): { readonly dice: Node; readonly slope: Node } {
  const smoothing = graph.scalar(1);
  const two = graph.scalar(2);
  const weightedTarget = multiply(graph, weight, target);
  const overlap = reduce(graph, 'Sum', multiply(graph, weightedTarget, probability), plane);
  const predicted = reduce(graph, 'Sum', multiply(graph, weight, probability), plane);
  const sizes = add(graph, predicted, reduce(graph, 'Sum', weightedTarget, plane));
  const denominator = add(graph, sizes, smoothing);
  const dice = divide(graph, add(graph, multiply(graph, overlap, two), smoothing), denominator);
  // d(1 − dice)/dp = w · (dice − 2t) / denominator
  const both = multiply(graph, weightedTarget, two);
  const slope = divide(graph, subtract(graph, multiply(graph, weight, dice), both), denominator);
  return { dice, slope };
}

/** Cross entropy of every value, its gradient by the logits; 1 − Dice of every sample (and class, for sigmoid), its gradient by the logits. */
interface LossTerms {
  readonly entropy: Node;
  readonly entropyGradient: Node;
  readonly diceLoss: Node;
  readonly diceGradient: Node;
}

function sigmoidTerms(graph: GraphBuilder, logits: Node, truth: Truth): LossTerms {
  const { target } = truth;
  const one = graph.scalar(1);
  const probability = unary(graph, 'Sigmoid', logits);
  const { dice, slope } = softDice(graph, probability, truth);
  const steepness = multiply(graph, probability, subtract(graph, one, probability));
  return {
    entropy: subtract(graph, unary(graph, 'Softplus', logits), multiply(graph, target, logits)),
    entropyGradient: subtract(graph, probability, target),
    diceLoss: subtract(graph, one, dice),
    diceGradient: multiply(graph, slope, steepness),
  };
}

function softmaxTerms(graph: GraphBuilder, logits: Node, truth: Truth): LossTerms {
  const { target } = truth;
  const classes = graph.scalar(logits.shape[1] ?? 1);
  const probability = softmax(graph, 'Softmax', logits);
  const { dice, slope } = softDice(graph, probability, truth);
  const meanDice = divide(graph, reduce(graph, 'Sum', dice, channel), classes);
  const along = reduce(graph, 'Sum', multiply(graph, probability, slope), channel);
  const certain = reduce(graph, 'Sum', target, channel);
  const turned = multiply(graph, probability, subtract(graph, slope, along));
  return {
    entropy: unary(graph, 'Neg', multiply(graph, target, softmax(graph, 'LogSoftmax', logits))),
    entropyGradient: subtract(graph, multiply(graph, probability, certain), target),
    diceLoss: subtract(graph, graph.scalar(1), meanDice),
    diceGradient: divide(graph, turned, classes),
  };
}

/**
 * Masked, weighted cross entropy plus soft Dice of logits z against target t
 * with weight w a pixel (and class); the formulas are told at `tensorflow/loss.ts`.
 * `total`: [1, weight planes, 1, 1].
 */
export function lossNodes(
  graph: GraphBuilder,
  logits: Node,
  given: Truth & { readonly total: Node },
  { output, diceWeight }: { readonly output: NetworkOutput; readonly diceWeight: number },
): LossNodes {
  const { weight, total } = given;
  // A total a class for sigmoid, one for all for softmax.
  const together = output === 'sigmoid' ? [0, 2, 3] : [0, 1, 2, 3];
  const terms =
    output === 'sigmoid' ? sigmoidTerms(graph, logits, given) : softmaxTerms(graph, logits, given);
  const sampleWeight = reduce(graph, 'Sum', weight, plane);
  const share = multiply(graph, sampleWeight, graph.scalar(diceWeight));
  const entropySum = reduce(graph, 'Sum', multiply(graph, weight, terms.entropy), together);
  const diceSum = reduce(graph, 'Sum', multiply(graph, share, terms.diceLoss), together);
  const entropyGradient = multiply(graph, weight, terms.entropyGradient);
  const diceGradient = multiply(graph, share, terms.diceGradient);
  return {
    value: reduce(graph, 'Sum', divide(graph, add(graph, entropySum, diceSum), total), channel),
    gradient: divide(graph, add(graph, entropyGradient, diceGradient), total),
  };
}
