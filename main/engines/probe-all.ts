import type { EngineReport } from '#contract/entities';
import { untried, type Candidate } from './candidate';
import { probeCandidate, type ProbeOptions } from './probe-candidate';

export interface ProbeAllOptions extends Omit<ProbeOptions, 'signal'> {
  readonly candidates: readonly Candidate[];
  readonly signal: AbortSignal;
  /**
   * Waits until the machine has time, and answers with a signal that fires
   * when it has no more; what was being probed then is probed again later.
   */
  readonly quiet?: () => Promise<AbortSignal>;
  /** All rows as they are now: probed, being probed, waiting. */
  readonly onRows?: (rows: readonly EngineReport[]) => void;
}

const never = new AbortController().signal;

/**
 * Probes the candidates one after another, each in a process of its own, so
 * that none slows another's timing down. @throws AbortError when the signal fired
 */
export async function probeAll(options: ProbeAllOptions): Promise<readonly EngineReport[]> {
  const { candidates, signal, quiet, onRows, ...rest } = options;
  const done: EngineReport[] = [];
  const waiting = [...candidates];
  const show = (verdict: 'probing' | 'untried'): void => {
    const [now, ...later] = waiting;
    onRows?.([
      ...done,
      ...(now === undefined ? [] : [untried(now, verdict)]),
      ...later.map((candidate) => untried(candidate, 'untried')),
    ]);
  };
  for (;;) {
    const [candidate] = waiting;
    if (candidate === undefined) break;
    show('untried');
    const disturbed = (await quiet?.()) ?? never;
    signal.throwIfAborted();
    show('probing');
    try {
      const report = await probeCandidate(candidate, {
        ...rest,
        signal: AbortSignal.any([signal, disturbed]),
      });
      if (report !== null) done.push(report);
      waiting.shift();
    } catch (error) {
      signal.throwIfAborted();
      if (!disturbed.aborted) throw error;
    }
  }
  show('untried');
  return done;
}
