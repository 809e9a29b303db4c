import type { GraphBuilder, Node } from './graph';
import { add, divide, multiply, reduce, subtract, unary } from './operations';

export interface LossNodes {
  /** One number, in shape [1, 1, 1, 1]. */
  readonly value: Node;
  /** By the logits. */
  readonly gradient: Node;
}

/**
 * Masked, weighted cross entropy plus soft Dice of logits z against target t
 * with weight w a pixel; the formula is told at `tensorflow/loss.ts`. All maps
 * are [batch, channels, rows, columns], the weight has one channel.
 */
export function lossNodes(
  graph: GraphBuilder,
  logits: Node,
  given: { readonly target: Node; readonly weight: Node; readonly total: Node },
  diceWeight: number,
): LossNodes {
  const { target, weight, total } = given;
  const all = [0, 1, 2, 3];
  const image = [1, 2, 3];
  const one = graph.scalar(1);
  const probability = unary(graph, 'Sigmoid', logits);
  const entropy = subtract(
    graph,
    unary(graph, 'Softplus', logits),
    multiply(graph, target, logits),
  );
  const entropySum = reduce(graph, 'Sum', multiply(graph, weight, entropy), all);
  const difference = multiply(graph, weight, subtract(graph, probability, target));

  const weightedTarget = multiply(graph, weight, target);
  const overlap = reduce(graph, 'Sum', multiply(graph, weightedTarget, probability), image);
  const sizes = add(
    graph,
    reduce(graph, 'Sum', multiply(graph, weight, probability), image),
    reduce(graph, 'Sum', weightedTarget, image),
  );
  const denominator = add(graph, sizes, one);
  const numerator = add(graph, multiply(graph, overlap, graph.scalar(2)), one);
  const dice = divide(graph, numerator, denominator);
  const sampleWeight = reduce(graph, 'Sum', weight, image);
  const share = multiply(graph, sampleWeight, graph.scalar(diceWeight));
  const diceSum = reduce(graph, 'Sum', multiply(graph, share, subtract(graph, one, dice)), all);

  // d(1 − dice)/dp = w · (dice − 2t) / denominator
  const slope = subtract(
    graph,
    multiply(graph, weight, dice),
    multiply(graph, weightedTarget, graph.scalar(2)),
  );
  const diceSlope = multiply(
    graph,
    multiply(graph, divide(graph, share, denominator), slope),
    multiply(graph, probability, subtract(graph, one, probability)),
  );
  return {
    value: divide(graph, add(graph, entropySum, diceSum), total),
    gradient: divide(graph, add(graph, difference, diceSlope), total),
  };
}
