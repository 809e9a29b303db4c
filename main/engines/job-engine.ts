import { isAbort, toErrorReport } from '#contract/errors';
import type { CallOptions, ComputeClient } from '../compute/client';
import type { RequestSpec } from '../compute/request';
import type { EngineChoice } from '../compute/requests';
import type { EngineWork } from './choose-engine';
import { watchMemory } from './memory-pressure';
import { failureOf, nextAttempt, type FallbackPlan, type Attempt } from './fallback-policy';

/** What a job asks of whoever knows the engines. */
export interface EngineProvider {
  readonly threads: number;
  /** Where a job starts. @throws MembranaError engine.unavailable when nothing that was asked for may be used */
  plan(work: EngineWork, baseFilters: number): FallbackPlan;
  /** The compute process for a choice. */
  client(choice: EngineChoice): ComputeClient;
  /** A job that began on `first` got its answer on `last`; resolves when it is kept. */
  learned(stepped: {
    readonly work: EngineWork;
    readonly baseFilters: number;
    readonly first: Attempt;
    readonly last: Attempt;
    readonly remark: string;
  }): Promise<void>;
  log(text: string): void;
}

export interface JobCall<Progress> extends CallOptions<Progress> {
  /** A step down, as a sentence for whoever waits for the job. */
  readonly remark: (text: string) => void;
}

/**
 * The compute process as one job sees it. A call that takes its engine down, or
 * asks it for more memory than there is, is made again as the plan's next attempt, and the
 * job stays there; what worked is remembered for the next one.
 */
export class JobEngine {
  #plan: FallbackPlan | null = null;

  constructor(
    private readonly desk: EngineProvider,
    private readonly work: EngineWork,
    /** Base filters of the network: what fails for one of this width fails for wider ones. */
    private readonly baseFilters: number,
  ) {}

  /**
   * Calls as `ComputeClient.call` does; `params` is asked again for every
   * attempt. @throws the last attempt's error when none is left
   */
  call<Params, Progress, Result>(
    spec: RequestSpec<Params, Progress, Result>,
    params: (choice: EngineChoice) => Params,
    { remark, ...options }: JobCall<Progress>,
  ): Promise<Result> {
    return this.run((client, choice) => client.call(spec, params(choice), options), {
      signal: options.signal,
      remark,
      doing: spec.id,
    });
  }

  /** Makes attempts, each on a compute process of its choice, until one succeeds. @throws the last attempt's error when none is left */
  async run<Result>(
    call: (client: ComputeClient, choice: EngineChoice) => Promise<Result>,
    {
      signal,
      remark,
      doing,
    }: Pick<JobCall<never>, 'signal' | 'remark'> & {
      /** For the log. */
      readonly doing: string;
    },
  ): Promise<Result> {
    const { desk, work, baseFilters } = this;
    let plan = (this.#plan ??= desk.plan(work, baseFilters));
    const first = plan.attempt;
    let last = '';
    for (;;) {
      const choice = choiceOf(plan.attempt, desk.threads);
      const client = desk.client(choice);
      // The plan ends by itself; the crashes of an earlier attempt say nothing of this one.
      if (last !== '') client.forgive();
      const ranOut = watchMemory();
      try {
        const result = await call(client, choice);
        this.#plan = { ...plan, kills: 0 };
        if (last !== '' && plan.attempt !== first)
          await desk.learned({ work, baseFilters, first, last: plan.attempt, remark: last });
        return result;
      } catch (error) {
        const failure = isAbort(error) || signal.aborted ? null : failureOf(error, ranOut());
        if (failure === null) throw error;
        const step = nextAttempt(plan, failure);
        if (step.kind === 'give-up') throw error;
        last = step.remark;
        desk.log(`${last} (${doing}: ${toErrorReport(error).message})`);
        remark(last);
        this.#plan = plan = step.plan;
      }
    }
  }
}

function choiceOf({ candidate, portion }: Attempt, threads: number): EngineChoice {
  const { name, device, provider } = candidate;
  return { engine: name, device, provider, threads, portion };
}
