import type { NetworkOutput } from '../../network/network';
import type { GraphBuilder, Node } from './graph';
import { add, divide, multiply, reduce, subtract, unary } from './operations';

export interface LossNodes {
  /** Scalar in shape [1, 1, 1, 1]. */
  readonly value: Node;
  /** By the logits. */
  readonly gradient: Node;
}

interface Truth {
  /** [N, H, W, classes]: 1 where the pixel is of the class. */
  readonly target: Node;
  /** [N, H, W, classes]; [N, H, W, 1] for softmax. */
  readonly weight: Node;
}

const plane = [1, 2];
const channel = [3];

/** Soft Dice of each class of each sample, and the gradient of 1 − Dice by the probabilities. */
function softDice(
  graph: GraphBuilder,
  probability: Node,
  { target, weight }: Truth,
): { readonly dice: Node; readonly slope: Node } {
  const smoothing = graph.scalar(1);
  const weightedTarget = multiply(graph, weight, target);
  const overlap = reduce(graph, 'Sum', multiply(graph, weightedTarget, probability), plane);
  const sizes = add(
    graph,
    reduce(graph, 'Sum', multiply(graph, weight, probability), plane),
    reduce(graph, 'Sum', weightedTarget, plane),
  );
  const numerator = add(graph, multiply(graph, overlap, graph.scalar(2)), smoothing);
  const denominator = add(graph, sizes, smoothing);
  const dice = divide(graph, numerator, denominator);
  // d(1 − dice)/dp = w · (dice − 2t) / denominator
  const slope = divide(
    graph,
    subtract(
      graph,
      multiply(graph, weight, dice),
      multiply(graph, weightedTarget, graph.scalar(2)),
    ),
    denominator,
  );
  return { dice, slope };
}

/** Cross entropy of every value (or pixel), its gradient by the logits; 1 − Dice of every sample (and class, for sigmoid), its gradient by the logits. */
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
  return {
    entropy: subtract(graph, unary(graph, 'Softplus', logits), multiply(graph, target, logits)),
    entropyGradient: subtract(graph, probability, target),
    diceLoss: subtract(graph, one, dice),
    diceGradient: multiply(
      graph,
      slope,
      multiply(graph, probability, subtract(graph, one, probability)),
    ),
  };
}

function softmaxTerms(graph: GraphBuilder, logits: Node, truth: Truth): LossTerms {
  const { target } = truth;
  const classes = graph.scalar(logits.shape[3] ?? 1);
  const probability = unary(graph, 'Softmax', logits);
  const { dice, slope } = softDice(graph, probability, truth);
  const meanDice = divide(graph, reduce(graph, 'Sum', dice, channel), classes);
  const along = reduce(graph, 'Sum', multiply(graph, probability, slope), channel);
  return {
    entropy: unary(graph, 'Neg', multiply(graph, target, unary(graph, 'LogSoftmax', logits))),
    entropyGradient: subtract(
      graph,
      multiply(graph, probability, reduce(graph, 'Sum', target, channel)),
      target,
    ),
    diceLoss: subtract(graph, graph.scalar(1), meanDice),
    diceGradient: divide(
      graph,
      multiply(graph, probability, subtract(graph, slope, along)),
      classes,
    ),
  };
}

function termsOf(
  graph: GraphBuilder,
  logits: Node,
  truth: Truth,
  output: NetworkOutput,
): LossTerms {
  switch (output) {
    case 'sigmoid':
      return sigmoidTerms(graph, logits, truth);
    case 'softmax':
      return softmaxTerms(graph, logits, truth);
  }
}

/**
 * Masked, weighted cross entropy plus soft Dice, of logits z against target t
 * with weight w a pixel; `total` is the sum of w over the whole batch, given
 * from outside, so that micro-batches add up to the batch:
 *
 *   Σ_pixels w · entropy / total  +  λ · Σ_samples (Σ w / total) · (1 − dice)
 *
 * sigmoid, p = 1 / (1 + exp(−z)), every class for itself, with weights and a
 * total of its own, so that the loss is the sum of what each would have alone
 * and a class that few pixels say something about counts as much as another:
 *   entropy = softplus(z) − t·z
 *   dice    = (2 Σ w·p·t + s) / (Σ w·p + Σ w·t + s), sums over pixels
 *
 * softmax, p_c = exp(z_c) / Σ_k exp(z_k), t = 1 in the pixel's one class:
 *   entropy = −Σ_c t_c · log p_c
 *   dice    = (1 / K) Σ_c (2 Σ w·p_c·t_c + s) / (Σ w·p_c + Σ w·t_c + s), sums over
 *             pixels: a class each, so that a rare one counts as much as a common
 *             one (over all together it would be no more than the mean of p_t)
 *
 * Dice weighs as much as the sample's defined pixels; s = 1 pixel keeps samples
 * without the class finite. Gradients by the logits, with g = d(1 − dice)/dp:
 * sigmoid w·(p − t) and g·p·(1 − p); softmax w·(p·Σ_k t_k − t) and p·(g − Σ_k p_k·g_k).
 */
export function lossNodes(
  graph: GraphBuilder,
  logits: Node,
  given: Truth & { readonly total: Node },
  { output, diceWeight }: { readonly output: NetworkOutput; readonly diceWeight: number },
): LossNodes {
  const { weight, total } = given;
  // A total a class for sigmoid, one for all for softmax.
  const together = output === 'sigmoid' ? [0, 1, 2] : [0, 1, 2, 3];
  const terms = termsOf(graph, logits, given, output);
  const entropy = reduce(graph, 'Sum', multiply(graph, weight, terms.entropy), together);
  const share = multiply(graph, reduce(graph, 'Sum', weight, plane), graph.scalar(diceWeight));
  const dice = reduce(graph, 'Sum', multiply(graph, share, terms.diceLoss), together);
  const gradient = add(
    graph,
    multiply(graph, weight, terms.entropyGradient),
    multiply(graph, share, terms.diceGradient),
  );
  return {
    value: reduce(graph, 'Sum', divide(graph, add(graph, entropy, dice), total), channel),
    gradient: divide(graph, gradient, total),
  };
}
