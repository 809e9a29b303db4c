import { MembranaError } from '#contract/errors';
import type { Portion } from '../compute/requests';
import { candidateTitle, sameCandidate, type Candidate } from './candidate';
import type { EngineWork } from './choose-engine';

/** Where a job runs and how much it computes at once. */
export interface Rung {
  readonly candidate: Candidate;
  readonly portion: Portion;
}

/** A job's place on its way down. */
export interface Ladder {
  readonly work: EngineWork;
  readonly rung: Rung;
  /** Engines that are left, best first. */
  readonly fallbacks: readonly Candidate[];
  /** The rung was tried again after a kill from outside. */
  readonly repeated: boolean;
}

/**
 * `memory`: more was asked for than there is. `crashed`: the process died.
 * `killed`: from outside, by a person or by a system that ran out of memory.
 * `unusable`: the engine gave up, or gave no sign of life.
 */
export type EngineFailure = 'memory' | 'crashed' | 'killed' | 'unusable';

export type StepDown =
  | { readonly kind: 'go-on'; readonly ladder: Ladder; readonly remark: string }
  | { readonly kind: 'give-up' };

/** As much at once as the recipe and the predictor do by themselves. */
export const whole: Portion = { microBatch: null, tile: null };

/** Ever smaller portions. A tile of 512 is the predictor's own, two crops the recipe's; results do not depend on either. */
const portions: Readonly<Record<EngineWork, readonly Portion[]>> = {
  train: [{ microBatch: 1, tile: null }],
  segment: [
    { microBatch: null, tile: 256 },
    { microBatch: null, tile: 128 },
  ],
};

/** An exit of Electron's allocator: one allocation reached 2 GiB. */
const ALLOCATOR_EXIT = 5;

/** What kind of failure of an engine an error is; null = not the engine's: another one would fail as well. */
export function failureOf(error: unknown): EngineFailure | null {
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
      return error.data['signal'] === 'SIGKILL' ? 'killed' : 'crashed';
    default:
      return null;
  }
}

const happened: Readonly<Record<EngineFailure, string>> = {
  memory: 'ran out of memory',
  crashed: 'crashed',
  killed: 'was ended from outside',
  unusable: 'could not go on',
};

/** "tiles of 256 pixels", "one crop at a time"; empty for the whole portion. */
export function portionWords({ microBatch, tile }: Portion): string {
  return [
    ...(microBatch === null
      ? []
      : [microBatch === 1 ? 'one crop at a time' : `${microBatch} crops at a time`]),
    ...(tile === null ? [] : [`tiles of ${tile} pixels`]),
  ].join(', ');
}

function smaller(work: EngineWork, portion: Portion): Portion | null {
  const at = portions[work].findIndex(
    ({ microBatch, tile }) => microBatch === portion.microBatch && tile === portion.tile,
  );
  return portions[work][at + 1] ?? null;
}

/**
 * Where a job goes on after its engine failed: once more as it was after a
 * kill, then in smaller portions, then on the next engine, until none is left.
 * An engine that gave up for another reason than memory or a crash gets no
 * second chance.
 */
export function stepDown(ladder: Ladder, failure: EngineFailure): StepDown {
  const { work, rung, fallbacks, repeated } = ladder;
  const title = candidateTitle(rung.candidate);
  const what = `${title} ${happened[failure]}`;
  if (failure === 'killed' && !repeated) {
    return {
      kind: 'go-on',
      ladder: { ...ladder, repeated: true },
      remark: `${what}; started again.`,
    };
  }
  const portion = failure === 'unusable' ? null : smaller(work, rung.portion);
  if (portion !== null) {
    return {
      kind: 'go-on',
      ladder: { ...ladder, rung: { ...rung, portion }, repeated: false },
      remark: `${what}; went on with ${portionWords(portion)}.`,
    };
  }
  const [next, ...others] = fallbacks.filter(
    (candidate) => !sameCandidate(candidate, rung.candidate),
  );
  if (next === undefined) return { kind: 'give-up' };
  return {
    kind: 'go-on',
    ladder: {
      work,
      rung: { candidate: next, portion: whole },
      fallbacks: others,
      repeated: false,
    },
    remark: `${what}; went on with ${candidateTitle(next)}.`,
  };
}
