/** Halvings of a bracket; after 80 nothing of a double is left to halve. */
const HALVINGS = 80;
const TERMS = 10_000;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact 95 % interval of the mean of a Poisson variable of which `count`
 * was seen (F. Garwood, "Fiducial limits for the Poisson distribution",
 * Biometrika 28 (1936) 437–442): the means under which seeing as many or more,
 * and as many or fewer, has a chance of 2.5 %. 0 gives [0, 3.689].
 */
export function poissonInterval(count: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  const most = count + 20 * Math.sqrt(count + 1) + 20;
  return {
    low: count === 0 ? 0 : solve((mean) => 1 - poissonAtMost(count - 1, mean) - tail, 0, most),
    high: solve((mean) => tail - poissonAtMost(count, mean), 0, most),
  };
}

/**
 * The exact 95 % interval of a share of which `count` of `trials` was seen
 * (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413). 0 of 10
 * gives [0, 0.3085].
 */
export function shareInterval(count: number, trials: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  return {
    low:
      count === 0 ? 0 : solve((share) => 1 - binomialAtMost(count - 1, trials, share) - tail, 0, 1),
    high: count >= trials ? 1 : solve((share) => tail - binomialAtMost(count, trials, share), 0, 1),
  };
}

/** The zero of a rising function between two places. */
function solve(rising: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Chance that a Poisson variable of this mean is at most `count`. */
function poissonAtMost(count: number, mean: number): number {
  if (mean === 0) return 1;
  let logTerm = -mean;
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(count, TERMS); k += 1) {
    logTerm += Math.log(mean / k);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

function binomialAtMost(count: number, trials: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return count >= trials ? 1 : 0;
  let logTerm = trials * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= count; k += 1) {
    logTerm += Math.log((trials - k + 1) / k) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
