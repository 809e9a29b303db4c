import { availableParallelism } from 'node:os';
import type { EngineReport, Settings } from '#contract/entities';
import { toErrorReport } from '#contract/errors';
import type { EventPayload } from '#contract/events';
import { ComputeClient, type ComputeState } from '#main/compute/client';
import { computeEnvironment } from '#main/compute/environment';
import { engineProbe, type EngineChoice } from '#main/compute/requests';
import type { ProcessLauncher } from '#main/compute/transport';

/** The window keeps a core for itself where there are more than two; MEMBRANA_THREADS decides otherwise. */
function threads(): number {
  const wanted = Number(process.env['MEMBRANA_THREADS']);
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  const cores = availableParallelism();
  return cores > 2 ? cores - 1 : cores;
}

const engineNames = { tensorflow: 'TensorFlow', onnx: 'ONNX Runtime' } as const;

export interface EngineOptions {
  readonly launcher: ProcessLauncher;
  readonly settings: () => Settings;
  /** A job holds the process: another choice waits until it has ended. */
  readonly busy: () => boolean;
  readonly log: (text: string) => void;
  readonly changed: (state: EventPayload<'compute.state'>) => void;
}

function sameChoice(a: EngineChoice, b: EngineChoice): boolean {
  return a.engine === b.engine && a.device === b.device && a.threads === b.threads;
}

/**
 * The compute process for the engine and device of the settings. An engine
 * keeps the device that it loaded with, so another choice is another process.
 */
export class Engines {
  /** What was measured last; empty before the first look. */
  known: readonly EngineReport[] = [];
  private running: { readonly choice: EngineChoice; readonly client: ComputeClient } | null = null;
  private looking: {
    readonly choice: EngineChoice;
    readonly reports: Promise<EngineReport[]>;
  } | null = null;
  private state: { readonly kind: ComputeState; readonly note: string } = {
    kind: 'idle',
    note: '',
  };
  private closed = false;

  constructor(private readonly options: EngineOptions) {}

  get choice(): EngineChoice {
    if (this.running !== null && this.options.busy()) return this.running.choice;
    const { engine, device } = this.options.settings();
    return { engine, device, threads: threads() };
  }

  get client(): ComputeClient {
    const { choice, options } = this;
    if (this.running !== null && sameChoice(this.running.choice, choice))
      return this.running.client;
    this.running?.client.dispose();
    const client: ComputeClient = new ComputeClient({
      launcher: options.launcher,
      environment: computeEnvironment(choice),
      log: options.log,
      onState: (kind, note) => {
        if (this.running?.client === client) this.setState(kind, note);
      },
    });
    this.running = { choice, client };
    return client;
  }

  /** Says again how things are, for a window that has just begun to listen. */
  announce(): void {
    this.options.changed({
      state: this.state.kind,
      engine: this.name,
      note: this.state.note,
    });
  }

  /** Probes the engines for the choice of the settings, once; the answer is kept until `refresh`. */
  async list(refresh: boolean): Promise<EngineReport[]> {
    const { choice, client } = this;
    if (refresh || this.looking === null || !sameChoice(this.looking.choice, choice)) {
      const signal = new AbortController().signal;
      this.looking = { choice, reports: client.call(engineProbe, { choice }, { signal }) };
    }
    const { looking } = this;
    try {
      this.known = await looking.reports;
      const usable = this.known.some(({ available, probe }) => available && probe?.ok === true);
      const reason = this.known.find((report) => report.reason !== undefined)?.reason ?? '';
      if (this.looking === looking)
        this.setState(usable ? 'idle' : 'unavailable', usable ? '' : reason);
      return [...this.known];
    } catch (error) {
      if (this.looking === looking) this.looking = null;
      throw error;
    }
  }

  /** Looks in the background; what it finds is announced. */
  async look(): Promise<void> {
    try {
      await this.list(false);
    } catch (error) {
      if (!this.closed) this.setState('unavailable', toErrorReport(error).message);
    }
  }

  close(): void {
    this.closed = true;
    this.running?.client.dispose();
  }

  /** The engine that the settings lead to, as people call it; empty until it is known. */
  private get name(): string {
    const { engine, device } = this.options.settings();
    const fit = this.known.find(
      (report) => report.available && (engine === 'auto' || report.name === engine),
    );
    if (fit === undefined) return '';
    const shown = device === 'cpu' ? 'cpu' : fit.device;
    return `${engineNames[fit.name]} · ${shown.toUpperCase()}`;
  }

  private setState(kind: ComputeState, note: string): void {
    this.state = { kind, note };
    this.announce();
  }
}
