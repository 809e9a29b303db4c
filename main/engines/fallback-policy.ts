import { MembranaError } from '#contract/errors';
import type { BatchLimits } from '../compute/requests';
import { candidateTitle, sameCandidate, type Candidate } from './candidate';
import type { EngineWork } from './choose-engine';

/** Where a job runs and how much it computes at once. */
export interface Attempt {
  readonly candidate: Candidate;
  readonly portion: BatchLimits;
}

/** A job's place on its way down. */
export interface FallbackPlan {
  readonly work: EngineWork;
  readonly attempt: Attempt;
  /** Engines that are left, best first. */
  readonly fallbacks: readonly Candidate[];
  /** Kills from outside in a row of this attempt; an answer ends the row. */
  readonly kills: number;
}

/**
 * `memory`: more was asked for than there is. `crashed`: the process died.
 * `killed`: from outside, by a person or another program. `starved`: from
 * outside while the system ran out of memory, whoever took it. `unusable`: the engine gave up, or gave no sign of life.
 */
export type EngineFailure = 'memory' | 'crashed' | 'killed' | 'starved' | 'unusable';

export type NextAttempt =
  | { readonly kind: 'go-on'; readonly plan: FallbackPlan; readonly remark: string }
  | { readonly kind: 'give-up' };

/** As much at once as the recipe and the predictor do by themselves. */
export const whole: BatchLimits = { microBatch: null, tile: null };

/**
 * Ever smaller portions. A tile of 640 is the predictor's own, two crops the
 * recipe's; results do not depend on either. Half and a quarter of the memory:
 * a pixel costs 1.7 and 3.8 times as much work then. Below that the halos (107
 * pixels a side) take nearly all of a tile, 40 times the work at 240 pixels, so
 * the predictor makes none whose middle is narrower than a halo.
 */
const portions: Readonly<Record<EngineWork, readonly BatchLimits[]>> = {
  train: [{ microBatch: 1, tile: null }],
  segment: [
    { microBatch: null, tile: 448 },
    { microBatch: null, tile: 336 },
  ],
};

/** A job that is ended so often in a row is not wanted. */
const MOST_KILLS = 8;

/** An exit of Electron's allocator: one allocation reached 2 GiB. */
const ALLOCATOR_EXIT = 5;

/**
 * What kind of failure of an engine an error is; `ranOut` says whether the
 * system ran out of memory meanwhile. Null = not the engine's: another one would fail as well.
 */
export function failureOf(error: unknown, ranOut = false): EngineFailure | null {
  if (!(error instanceof MembranaError)) return null;
  switch (error.code) {
    case 'engine.out-of-memory':
      return 'memory';
    case 'engine.unavailable':
    case 'engine.failed':
    case 'compute.timeout':
      return 'unusable';
    case 'compute.crashed':
      if ('waitMs' in error.data) return 'unusable';
      if (error.data['exitCode'] === ALLOCATOR_EXIT) return 'memory';
      if (error.data['signal'] !== 'SIGKILL') return 'crashed';
      return ranOut ? 'starved' : 'killed';
    default:
      return null;
  }
}

const happened: Readonly<Record<EngineFailure, string>> = {
  memory: 'ran out of memory',
  crashed: 'crashed',
  killed: 'was ended from outside',
  starved: 'was ended from outside while the memory ran out',
  unusable: 'could not go on',
};

/** "tiles of 256 pixels", "one crop at a time"; empty for the whole portion. */
export function portionWords({ microBatch, tile }: BatchLimits): string {
  return [
    ...(microBatch === null
      ? []
      : [microBatch === 1 ? 'one crop at a time' : `${microBatch} crops at a time`]),
    ...(tile === null ? [] : [`tiles of ${tile} pixels`]),
  ].join(', ');
}

function smaller(work: EngineWork, portion: BatchLimits): BatchLimits | null {
  const at = portions[work].findIndex(
    ({ microBatch, tile }) => microBatch === portion.microBatch && tile === portion.tile,
  );
  return portions[work][at + 1] ?? null;
}

/**
 * Where a job goes on after its engine failed: in smaller portions, then on the
 * next engine, until none is left. A kill from outside is no fault of the
 * portion: the job goes on as it was, unless memory ran out and it comes again
 * at that portion. An engine that gave up for another reason than memory or a
 * crash gets no second chance.
 */
export function nextAttempt(plan: FallbackPlan, failure: EngineFailure): NextAttempt {
  const { work, attempt, fallbacks, kills } = plan;
  const title = candidateTitle(attempt.candidate);
  const what = `${title} ${happened[failure]}`;
  if (failure === 'killed' && kills + 1 >= MOST_KILLS) return { kind: 'give-up' };
  if (failure === 'killed' || (failure === 'starved' && kills === 0)) {
    return {
      kind: 'go-on',
      plan: { ...plan, kills: kills + 1 },
      remark: `${what}; started again.`,
    };
  }
  const portion = failure === 'unusable' ? null : smaller(work, attempt.portion);
  if (portion !== null) {
    return {
      kind: 'go-on',
      plan: { ...plan, attempt: { ...attempt, portion }, kills: 0 },
      remark: `${what}; went on with ${portionWords(portion)}.`,
    };
  }
  const [next, ...others] = fallbacks.filter(
    (candidate) => !sameCandidate(candidate, attempt.candidate),
  );
  if (next === undefined) return { kind: 'give-up' };
  return {
    kind: 'go-on',
    plan: {
      work,
      attempt: { candidate: next, portion: whole },
      fallbacks: others,
      kills: 0,
    },
    remark: `${what}; went on with ${candidateTitle(next)}.`,
  };
}
