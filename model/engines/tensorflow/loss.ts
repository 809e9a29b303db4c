import type { GraphBuilder, Node } from './graph';
import { add, divide, multiply, reduce, subtract, unary } from './operations';

export interface LossNodes {
  /** Scalar in shape [1, 1, 1, 1]. */
  readonly value: Node;
  /** By the logits. */
  readonly gradient: Node;
}

/**
 * Masked, weighted cross entropy plus soft Dice, of logits z against target t
 * with weight w a pixel; `total` is the sum of w over the whole batch, given
 * from outside, so that micro-batches add up to the batch:
 *
 *   Σ w · (softplus(z) − t·z) / total
 *   + λ · Σ_samples (Σ w / total) · (1 − (2 Σ w·p·t + s) / (Σ w·p + Σ w·t + s))
 *
 * Dice is taken in every sample (and over its classes together) and weighs as
 * much as the sample's defined pixels; s = 1 pixel keeps empty samples finite.
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
  const probability = unary(graph, 'Sigmoid', logits);
  const entropy = subtract(
    graph,
    unary(graph, 'Softplus', logits),
    multiply(graph, target, logits),
  );
  const entropySum = reduce(graph, 'Sum', multiply(graph, weight, entropy), all);
  const difference = multiply(graph, weight, subtract(graph, probability, target));

  const smoothing = graph.scalar(1);
  const weightedTarget = multiply(graph, weight, target);
  const overlap = reduce(graph, 'Sum', multiply(graph, weightedTarget, probability), image);
  const sizes = add(
    graph,
    reduce(graph, 'Sum', multiply(graph, weight, probability), image),
    reduce(graph, 'Sum', weightedTarget, image),
  );
  const numerator = add(graph, multiply(graph, overlap, graph.scalar(2)), smoothing);
  const denominator = add(graph, sizes, smoothing);
  const dice = divide(graph, numerator, denominator);
  const share = multiply(graph, reduce(graph, 'Sum', weight, image), graph.scalar(diceWeight));
  const diceSum = reduce(
    graph,
    'Sum',
    multiply(graph, share, subtract(graph, graph.scalar(1), dice)),
    all,
  );

  // d(1 − dice)/dp = w · (dice − 2t) / denominator
  const diceSlope = multiply(
    graph,
    multiply(
      graph,
      divide(graph, share, denominator),
      subtract(
        graph,
        multiply(graph, weight, dice),
        multiply(graph, weightedTarget, graph.scalar(2)),
      ),
    ),
    multiply(graph, probability, subtract(graph, graph.scalar(1), probability)),
  );
  return {
    value: divide(graph, add(graph, entropySum, diceSum), total),
    gradient: divide(graph, add(graph, difference, diceSlope), total),
  };
}
