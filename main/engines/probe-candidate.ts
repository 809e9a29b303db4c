import type { EngineReport } from '#contract/entities';
import { ComputeClient } from '../compute/client';
import { computeEnvironment } from '../compute/environment';
import { engineProbe, type ProbeAnswer, type ProbeStage } from '../compute/requests';
import type { ProcessLauncher } from '../compute/transport';
import type { Candidate } from './candidate';
import { probedReport, refusedReport, type ProbeFailure } from './refusal';
import { failureOf } from './fallback-policy';

/** A CPU on two busy cores takes 3 s (measured); who needs twenty times that is of no use. */
const LIMIT_MS = 60_000;

export interface ProbeOptions {
  readonly launcher: ProcessLauncher;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log?: (text: string) => void;
  readonly limitMs?: number;
}

/** A kill from outside says nothing about the engine, so the probe is made again; whoever goes on killing has a reason. */
const MOST_KILLED = 3;

/**
 * Probes one candidate in a process of its own, which is ended afterwards: a
 * native crash costs this candidate and no other. null = this build of the
 * engine does not have it. @throws AbortError when the signal fired
 */
export async function probeCandidate(
  candidate: Candidate,
  options: ProbeOptions,
): Promise<EngineReport | null> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await probeOnce(candidate, options);
    if (!('failure' in answer)) return probedReport(candidate, answer);
    const { failure } = answer;
    const isKilled = failure.kind === 'error' && failureOf(failure.error) === 'killed';
    if (!isKilled || attempt === MOST_KILLED) return refusedReport(candidate, failure);
    options.log?.('a probe was ended from outside and is made again');
  }
}

async function probeOnce(
  candidate: Candidate,
  { launcher, threads, signal, log, limitMs = LIMIT_MS }: ProbeOptions,
): Promise<ProbeAnswer | { readonly failure: ProbeFailure }> {
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
    return await client.call(
      engineProbe,
      { choice: { engine: name, device, provider, threads } },
      {
        signal: AbortSignal.any([signal, limit.signal]),
        onProgress: (now) => {
          stage = now;
        },
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    return {
      failure: limit.signal.aborted
        ? { kind: 'late', limitMs, stage }
        : { kind: 'error', error, stage },
    };
  } finally {
    clearTimeout(timer);
    client.dispose();
  }
}
