import type { EngineReport } from '#contract/entities';
import { toErrorReport } from '#contract/errors';
import type { ProbeAnswer, ProbeStage } from '../compute/requests';
import { candidateOf, type Candidate } from './candidate';
import { failureOf } from './fallback-policy';

/** Why a probe gave no answer that counts. */
export type ProbeFailure =
  | { readonly kind: 'error'; readonly error: unknown; readonly stage: ProbeStage | null }
  | { readonly kind: 'late'; readonly limitMs: number; readonly stage: ProbeStage | null };

const engineTitles = { onnx: 'ONNX Runtime', tensorflow: 'TensorFlow' } as const;

interface Reason {
  readonly verdict: 'refused' | 'not-set-up';
  readonly reason: string;
  readonly hint?: string;
}

const noCard = {
  onnx: 'No graphics card that ONNX Runtime can compute on was found.',
  tensorflow: 'No NVIDIA graphics card with a working driver was found.',
} as const;

function whyNot({ name, device }: Candidate, failure: ProbeFailure): Reason {
  const title = engineTitles[name];
  if (failure.kind === 'late') {
    const seconds = Math.round(failure.limitMs / 1000);
    return {
      verdict: 'refused',
      reason: `Its test was not done after ${seconds} s: too slow here to be of use.`,
    };
  }
  const { code, data } = toErrorReport(failure.error);
  if (code === 'engine.unavailable') {
    if (data['notSetUp'] === true) {
      return {
        verdict: 'not-set-up',
        reason: `${title} is not set up on this computer.`,
        hint: 'npm run setup -- --tensorflow',
      };
    }
    return {
      verdict: 'refused',
      reason: device === 'gpu' ? noCard[name] : `${title} could not be started here.`,
    };
  }
  switch (failureOf(failure.error)) {
    case 'memory':
    case 'starved':
      return { verdict: 'refused', reason: 'It ran out of memory in its test.' };
    case 'killed':
      return { verdict: 'refused', reason: 'Its test was ended from outside every time.' };
    case 'crashed':
      return {
        verdict: 'refused',
        reason: 'It crashed in its test, so it is kept away from your data.',
      };
    case 'unusable':
    case null:
      return { verdict: 'refused', reason: 'It failed in its test.' };
  }
}

/**
 * The report of a candidate whose probe failed. null = this build of the
 * engine does not have it, which is nothing to tell a person.
 */
export function refusedReport(candidate: Candidate, failure: ProbeFailure): EngineReport | null {
  const error = failure.kind === 'error' ? toErrorReport(failure.error) : null;
  if (error?.data['notBuilt'] === true) return null;
  return {
    ...candidateOf(candidate),
    ...whyNot(candidate, failure),
    ...(error === null ? {} : { detail: error.message }),
    // An engine that began its test was there, unless it says itself that its device is not.
    available: failure.stage !== null && error?.code !== 'engine.unavailable',
    canTrain: false,
    probe: null,
    forwardMs: null,
    stepMs: null,
    fastMs: null,
  };
}

/** The report of a candidate that computed: whether rightly, and how fast. */
export function probedReport(candidate: Candidate, answer: ProbeAnswer): EngineReport {
  const { ok, maxError, tolerance, forwardMs, stepMs, fastMs } = answer;
  const off = maxError > 100 ? 'far' : `by up to ${maxError.toPrecision(2)}`;
  return {
    ...candidateOf(candidate),
    verdict: ok ? 'passes' : 'refused',
    available: true,
    ...(ok
      ? {}
      : {
          reason: `It computes wrong numbers here: off ${off} where ${tolerance} is allowed.`,
        }),
    canTrain: ok,
    probe: { ok, maxError },
    forwardMs,
    stepMs,
    fastMs,
  };
}
