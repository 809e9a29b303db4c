import type { EnginePick, EngineReport } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { ComputeClient, type ComputeState } from '../compute/client';
import { computeEnvironment } from '../compute/environment';
import type { EngineChoice } from '../compute/requests';
import type { ProcessLauncher } from '../compute/transport';
import {
  candidateOf,
  candidatesOn,
  candidateTitle,
  sameCandidate,
  untried,
  type Candidate,
  type EngineWish,
} from './candidate';
import { chooseEngine, fallbacks, type EngineWork } from './choose-engine';
import { startFrom, type EngineProfileStore, type MachineRecord } from './engine-profile-store';
import { JobEngine, type EngineProvider } from './job-engine';
import type { Machine } from './machine';
import { probeAll, type ProbeAllOptions } from './probe-all';
import { whole, type FallbackPlan, type Attempt } from './fallback-policy';

export interface EngineManagerOptions {
  readonly launcher: ProcessLauncher;
  readonly machine: Machine;
  readonly memory: EngineProfileStore;
  readonly wish: () => EngineWish;
  readonly log: (text: string) => void;
  readonly onState?: (state: ComputeState, note: string) => void;
  readonly onLearned?: () => void;
}

interface Running {
  readonly choice: EngineChoice;
  readonly client: ComputeClient;
}

/**
 * Chooses an engine for each job and owns the compute processes that jobs run
 * in. An engine keeps the device that it loaded with, so another choice is
 * another process; one that nothing runs in any more ends when another choice
 * is asked for.
 */
export class EngineManager implements EngineProvider {
  /** One a choice, the one that was asked for last at the end. */
  #running: Running[] = [];
  /** Of the probe that is under way. */
  #rows: readonly EngineReport[] | null = null;

  constructor(private readonly options: EngineManagerOptions) {}

  get threads(): number {
    return this.options.machine.threads;
  }

  /** Of the compute process; null before the first job. */
  get pid(): number | null {
    return this.#running.at(-1)?.client.pid ?? null;
  }

  /** What this machine's probe and jobs found. */
  get record(): MachineRecord {
    return this.options.memory.recall(this.options.machine);
  }

  get probing(): boolean {
    return this.#rows !== null;
  }

  /** A row for each candidate: what the probe found, has found so far, or that there was none. */
  get reports(): readonly EngineReport[] {
    if (this.#rows !== null) return this.#rows;
    const { probed, reports } = this.record;
    if (probed !== null) return reports;
    return candidatesOn(process.platform).map((candidate) => untried(candidate, 'untried'));
  }

  /** What the next job runs on; null = nothing that was asked for may be used. */
  pick(work: EngineWork, baseFilters = 0): EnginePick | null {
    const pick = chooseEngine(this.options.wish(), work, this.reports);
    if (pick === null) return null;
    const learned = this.#learnedStart(pick, work, baseFilters)?.candidate;
    if (learned === undefined || sameCandidate(learned, pick)) return pick;
    return { ...candidateOf(learned), why: 'learned' };
  }

  plan(work: EngineWork, baseFilters: number): FallbackPlan {
    const wish = this.options.wish();
    const { reports } = this;
    const chosen = chooseEngine(wish, work, reports);
    if (chosen === null) throw refusal(wish, reports);
    const candidate = candidateOf(chosen);
    const attempt = this.#learnedStart(chosen, work, baseFilters) ?? { candidate, portion: whole };
    return {
      work,
      attempt,
      // What a lesson leads away from is no place to fall back to.
      fallbacks: fallbacks(chosen, wish, work, reports).filter(
        (one) => !sameCandidate(one, attempt.candidate),
      ),
      kills: 0,
    };
  }

  /** An engine for one job, which keeps the choice that held when it began. */
  forJob(work: EngineWork, baseFilters: number): JobEngine {
    return new JobEngine(this, work, baseFilters);
  }

  client(choice: EngineChoice): ComputeClient {
    const known = this.#running.find((running) => sameProcess(running.choice, choice));
    const others = this.#running.filter((running) => running !== known);
    for (const { client } of others) client.retire();
    const client = known?.client ?? this.#start(choice);
    this.#running = [...others, known ?? { choice, client }];
    return client;
  }

  #start(choice: EngineChoice): ComputeClient {
    const { launcher, log, onState } = this.options;
    const client: ComputeClient = new ComputeClient({
      launcher,
      environment: computeEnvironment({ threads: choice.threads, device: choice.device }),
      log,
      onState: (state, note) => {
        // A process that rests says nothing of one that works.
        if (state !== 'idle' || !this.#running.some((running) => running.client.busy))
          onState?.(state, note);
      },
    });
    return client;
  }

  async learned({
    work,
    baseFilters,
    first,
    last,
    remark,
  }: Parameters<EngineProvider['learned']>[0]): Promise<void> {
    const { memory, machine, onLearned } = this.options;
    const lesson = { work, baseFilters, from: first.candidate, to: last, remark };
    await memory.learn(machine, lesson);
    onLearned?.();
  }

  log(text: string): void {
    this.options.log(text);
  }

  /**
   * Probes every candidate now and keeps what was found. @throws AbortError
   * when the signal fired; what was known before stays then
   */
  async probe(
    options: Pick<ProbeAllOptions, 'signal' | 'quiet' | 'onRows'> & {
      readonly candidates?: readonly Candidate[];
    },
  ): Promise<void> {
    const { launcher, machine, memory, log } = this.options;
    const candidates = options.candidates ?? candidatesOn(process.platform);
    this.#rows = candidates.map((candidate) => untried(candidate, 'untried'));
    try {
      const reports = await probeAll({
        ...options,
        candidates,
        launcher,
        threads: machine.threads,
        log,
        onRows: (rows) => {
          this.#rows = rows;
          options.onRows?.(rows);
        },
      });
      await memory.keepProbe(machine, reports);
    } finally {
      this.#rows = null;
    }
  }

  dispose(): void {
    for (const { client } of this.#running) client.dispose();
  }

  /** Where earlier jobs' lessons put the start; null = nothing was learnt. A lesson does not overrule what was asked for. */
  #learnedStart(candidate: Candidate, work: EngineWork, baseFilters: number): Attempt | null {
    const { lessons } = this.record;
    const allowed = fallbacks(candidate, this.options.wish(), work, this.reports);
    let start: Attempt | null = null;
    const passed = [candidate];
    for (;;) {
      const next = startFrom(lessons, work, passed.at(-1) ?? candidate, baseFilters);
      if (next === null) return start;
      const { candidate: to } = next;
      if (sameCandidate(to, passed.at(-1) ?? candidate)) return next;
      const known = passed.some((one) => sameCandidate(one, to));
      if (known || !allowed.some((one) => sameCandidate(one, to))) return start;
      start = next;
      passed.push(to);
    }
  }
}

function sameProcess(a: EngineChoice, b: EngineChoice): boolean {
  return (
    a.engine === b.engine &&
    a.device === b.device &&
    a.provider === b.provider &&
    a.threads === b.threads
  );
}

function refusal(wish: EngineWish, reports: readonly EngineReport[]): MembranaError {
  const asked = reports.filter(
    ({ name, device }) =>
      (wish.engine === 'auto' || wish.engine === name) &&
      (wish.device === 'auto' || wish.device === device),
  );
  const [first] = asked;
  const why = asked
    .map((report) => `${candidateTitle(report)}: ${report.reason ?? 'not tested'}`)
    .join(' ');
  return new MembranaError(
    'engine.unavailable',
    why === '' ? 'This version has no such engine for this computer.' : why,
    {
      hint:
        first?.verdict === 'not-set-up' && first.hint !== undefined && asked.length === 1
          ? `Add it with "${first.hint}", or choose another engine.`
          : 'Choose another engine or device, or probe again: a driver may have come since.',
      safe: 'Labels, models and finished slices are kept.',
    },
  );
}
