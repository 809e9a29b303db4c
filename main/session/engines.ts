import { availableParallelism } from 'node:os';
import type { EngineReport, Settings } from '#contract/entities';
import { ComputeClient, type ComputeState } from '#main/compute/client';
import { computeEnvironment } from '#main/compute/environment';
import { engineProbe, type EngineChoice } from '#main/compute/requests';
import type { ProcessLauncher } from '#main/compute/transport';

/** The window keeps a core for itself where there are more than two. */
function threads(): number {
  const wanted = Number(process.env['MEMBRANA_THREADS']);
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  const cores = availableParallelism();
  return cores > 2 ? cores - 1 : cores;
}

export interface EngineOptions {
  readonly launcher: ProcessLauncher;
  readonly settings: () => Settings;
  readonly log: (text: string) => void;
  readonly onState: (state: ComputeState, note: string) => void;
}

/**
 * The compute process for the engine and device of the settings. An engine
 * keeps the device that it loaded with, so another choice is another process.
 */
export class Engines {
  /** What was measured last; empty before the first look. */
  known: readonly EngineReport[] = [];
  private running: { readonly key: string; readonly client: ComputeClient } | null = null;
  private looking: Promise<EngineReport[]> | null = null;

  constructor(private readonly options: EngineOptions) {}

  get choice(): EngineChoice {
    const { engine, device } = this.options.settings();
    return { engine, device, threads: threads() };
  }

  get client(): ComputeClient {
    const { choice, options } = this;
    const key = JSON.stringify(choice);
    if (this.running?.key === key) return this.running.client;
    this.running?.client.dispose();
    const client = new ComputeClient({
      launcher: options.launcher,
      environment: computeEnvironment(choice),
      log: options.log,
      onState: options.onState,
    });
    this.running = { key, client };
    return client;
  }

  /** Probes every engine; the answer is kept until `refresh`. */
  async list(refresh: boolean): Promise<EngineReport[]> {
    if (!refresh && this.known.length > 0) return [...this.known];
    const { choice } = this;
    this.looking ??= this.client
      .call(engineProbe, { choice }, { signal: new AbortController().signal })
      .finally(() => {
        this.looking = null;
      });
    const reports = await this.looking;
    this.known = reports;
    return reports;
  }

  close(): void {
    this.running?.client.dispose();
  }
}
