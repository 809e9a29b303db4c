import type { EnginePick, EngineReport } from '#contract/entities';
import { candidateOf, fitsWish, sameCandidate, type Candidate, type EngineWish } from './candidate';

/** Segmenting waits for forward passes, training for training steps. */
export type EngineWork = 'segment' | 'train';

/** A forward pass in 8 bits, where it takes less time here than one in floats; else null. */
export function fastForward({ forwardMs, fastMs }: EngineReport): number | null {
  return forwardMs !== null && fastMs !== null && fastMs < forwardMs ? fastMs : null;
}

function milliseconds(report: EngineReport, work: EngineWork, wish: EngineWish): number {
  if (work === 'train') return report.stepMs ?? Infinity;
  const fast = wish.segmentation === 'fast' ? fastForward(report) : null;
  return fast ?? report.forwardMs ?? Infinity;
}

/** The candidates that were asked for and may do the work, fastest first; equals keep the order of the list. */
function ranked(
  fitting: readonly EngineReport[],
  work: EngineWork,
  wish: EngineWish,
): readonly EngineReport[] {
  return fitting
    .filter(({ verdict, canTrain }) => verdict === 'passes' && (work === 'segment' || canTrain))
    .sort((a, b) => milliseconds(a, work, wish) - milliseconds(b, work, wish));
}

/** Not probed yet, in the order of the list. */
function untested(reports: readonly EngineReport[]): readonly EngineReport[] {
  return reports.filter(({ verdict }) => verdict === 'untried' || verdict === 'probing');
}

/**
 * What a job of this kind runs on: of the candidates that were asked for and
 * passed their probe, the one with the fastest forward pass for segmenting and
 * the fastest training step for training. Where none has passed so far it is
 * the first of the list that is not probed yet: on a fresh machine ONNX
 * Runtime on the CPU. null = nothing that was asked for may be used.
 */
export function chooseEngine(
  wish: EngineWish,
  work: EngineWork,
  reports: readonly EngineReport[],
): EnginePick | null {
  const fitting = reports.filter((report) => fitsWish(report, wish));
  const usable = ranked(fitting, work, wish);
  const [best] = usable;
  if (best === undefined) {
    const [first] = untested(fitting);
    return first === undefined ? null : { ...candidateOf(first), why: 'untried' };
  }
  const given = wish.engine !== 'auto' && fitting.length === 1;
  return {
    ...candidateOf(best),
    why: given ? 'given' : usable.length === 1 ? 'only' : 'fastest',
  };
}

/** Where a job goes on when the candidate it runs on fails: the others that were asked for and may do the work, best first. */
export function fallbacks(
  chosen: Candidate,
  wish: EngineWish,
  work: EngineWork,
  reports: readonly EngineReport[],
): readonly Candidate[] {
  const fitting = reports.filter((report) => fitsWish(report, wish));
  // Of what was never tried only the CPU is a safe place to fall back to.
  const safe = untested(fitting).filter(({ device }) => device === 'cpu');
  return [...ranked(fitting, work, wish), ...safe]
    .filter((report) => !sameCandidate(report, chosen))
    .map(candidateOf);
}
