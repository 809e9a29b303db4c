import type { EngineReport } from '#contract/entities';
import { ComputeClient } from '../compute/client';
import { computeEnvironment } from '../compute/environment';
import { engineProbe, type ProbeStage } from '../compute/requests';
import type { ProcessLauncher } from '../compute/transport';
import type { Candidate } from './candidate';
import { probedReport, refusedReport, type ProbeFailure } from './refusal';

/** A CPU on two busy cores takes 3 s (measured); who needs twenty times that is of no use. */
const LIMIT_MS = 60_000;

export interface ProbeOptions {
  readonly launcher: ProcessLauncher;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log?: (text: string) => void;
  readonly limitMs?: number;
}

/**
 * Probes one candidate in a process of its own, which is ended afterwards: a
 * native crash costs this candidate and no other. null = this build of the
 * engine does not have it. @throws AbortError when the signal fired
 */
export async function probeCandidate(
  candidate: Candidate,
  { launcher, threads, signal, log, limitMs = LIMIT_MS }: ProbeOptions,
): Promise<EngineReport | null> {
  const { name, device, provider } = candidate;
  const client = new ComputeClient({
    launcher,
    environment: computeEnvironment({ threads, device }),
    ...(log === undefined ? {} : { log }),
  });
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, limitMs);
  let stage: ProbeStage | null = null;
  try {
    const answer = await client.call(
      engineProbe,
      { choice: { engine: name, device, provider, threads } },
      {
        signal: AbortSignal.any([signal, limit.signal]),
        onProgress: (now) => {
          stage = now;
        },
      },
    );
    return probedReport(candidate, answer);
  } catch (error) {
    signal.throwIfAborted();
    const failure: ProbeFailure = limit.signal.aborted
      ? { kind: 'late', limitMs, stage }
      : { kind: 'error', error, stage };
    return refusedReport(candidate, failure);
  } finally {
    clearTimeout(timer);
    client.dispose();
  }
}
