/** The true regions' pixel counts, from which the cost of an error follows. */
export interface TrueSizes {
  readonly sizes: readonly number[];
  readonly pixels: number;
  /** Σ size². */
  readonly squares: number;
  /** Entropy in nats. */
  readonly entropy: number;
}

/** What one error alone takes away from a perfect score, 0–1. */
export interface ErrorCost {
  readonly vInfo: number;
  readonly vRand: number;
}

export function trueSizes(sizes: readonly number[]): TrueSizes {
  const pixels = sizes.reduce((sum, size) => sum + size, 0);
  return {
    sizes,
    pixels,
    squares: sizes.reduce((sum, size) => sum + size * size, 0),
    entropy: sizes.reduce(
      (sum, size) => (size > 0 ? sum - (size / pixels) * Math.log(size / pixels) : sum),
      0,
    ),
  };
}

/** Pairs of pixels (of both orders) and nats that lie between parts of a whole. */
function between(parts: readonly number[], pixels: number): { pairs: number; nats: number } {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  const inside = parts.reduce((sum, part) => sum + part * part, 0);
  const weighted = parts.reduce((sum, part) => (part > 0 ? sum + part * Math.log(part) : sum), 0);
  return {
    pairs: whole * whole - inside,
    nats: whole === 0 ? 0 : (whole * Math.log(whole) - weighted) / pixels,
  };
}

const harmonic = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));

/**
 * Cost of true regions of these sizes being one region of the prediction, and
 * nothing else wrong: S_B grows by the pairs between them, H(B) falls by their
 * nats (docs/metrics.md).
 */
export function mergeCost(truth: TrueSizes, parts: readonly number[]): ErrorCost {
  const { pairs, nats } = between(parts, truth.pixels);
  return {
    vRand: 1 - (2 * truth.squares) / (2 * truth.squares + pairs),
    vInfo: truth.entropy === 0 ? 0 : 1 - harmonic(Math.max(0, 1 - nats / truth.entropy), 1),
  };
}

/** Cost of one true region falling into parts of these sizes, and nothing else wrong: S_B and S_AB fall, H(B) grows. */
export function splitCost(truth: TrueSizes, parts: readonly number[]): ErrorCost {
  const { pairs, nats } = between(parts, truth.pixels);
  const kept = truth.squares - pairs;
  return {
    vRand: 1 - (2 * kept) / (truth.squares + kept),
    vInfo: truth.entropy === 0 ? 0 : 1 - harmonic(1, truth.entropy / (truth.entropy + nats)),
  };
}
