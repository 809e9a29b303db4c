import type { EngineOverview, EngineReport, SegmentQuality, Settings } from '#contract/entities';
import { isAbort, toErrorReport } from '#contract/errors';
import type { EventPayload } from '#contract/events';
import type { ComputeState } from '#main/compute/client';
import type { ProcessLauncher } from '#main/compute/transport';
import { candidateTitle, sameCandidate, type Candidate } from '#main/engines/candidate';
import { fastForward, type EngineWork } from '#main/engines/choose-engine';
import { lessonText, type EngineProfileStore } from '#main/engines/engine-profile-store';
import { EngineManager } from '#main/engines/engine-manager';
import type { JobEngine } from '#main/engines/job-engine';
import type { Machine } from '#main/engines/machine';

export interface EngineOptions {
  readonly launcher: ProcessLauncher;
  readonly machine: Machine;
  readonly memory: EngineProfileStore;
  readonly settings: () => Settings;
  /** A job is running or waiting: a probe would slow it down, and be slowed down. */
  readonly busy: () => boolean;
  readonly log: (text: string) => void;
  readonly changed: (state: EventPayload<'compute.state'>) => void;
  readonly overviewChanged: (overview: EngineOverview) => void;
  /** What may be probed; without it what this system may have. */
  readonly candidates?: readonly Candidate[];
}

/** The engines as the window sees them: probed while nothing else runs, chosen for each job, shown. */
export class Engines {
  readonly #room: EngineManager;
  #state: { readonly kind: ComputeState; readonly note: string } = { kind: 'idle', note: '' };
  readonly #closing = new AbortController();
  /** Fires when a job takes the machine; a new one for each stretch of quiet. */
  #disturbing = new AbortController();
  #idle = new Set<() => void>();

  constructor(private readonly options: EngineOptions) {
    const { launcher, machine, memory, settings, log } = options;
    this.#room = new EngineManager({
      launcher,
      machine,
      memory,
      wish: settings,
      log,
      onState: (kind, note) => {
        this.#setState(kind, note);
      },
      onLearned: () => {
        this.#show();
      },
    });
  }

  /** What was measured last. */
  get known(): readonly EngineReport[] {
    return this.#room.reports;
  }

  /** An engine for one job; `baseFilters` = width of its network. */
  forJob(work: EngineWork, baseFilters: number): JobEngine {
    return this.#room.forJob(work, baseFilters);
  }

  /** How slices are segmented now: what was asked for, but fast only on an engine that is faster so. */
  get quality(): SegmentQuality {
    const wanted = this.options.settings().segmentation;
    if (wanted !== 'fast') return wanted;
    const pick = this.#room.pick('segment');
    const row = this.known.find((report) => pick !== null && sameCandidate(report, pick));
    return row !== undefined && fastForward(row) !== null ? 'fast' : 'standard';
  }

  overview(): EngineOverview {
    const { probed, lessons } = this.#room.record;
    return {
      engines: [...this.known],
      probing: this.#room.probing,
      probed,
      segment: this.#room.pick('segment'),
      train: this.#room.pick('train'),
      lessons: lessons.map(lessonText),
    };
  }

  /** Says again how things are, for a window that has just begun to listen. */
  announce(): void {
    this.options.changed({
      state: this.#state.kind,
      engine: this.#name,
      note: this.#state.note,
    });
  }

  /** Probes in the background if this machine, as it is now, was not probed before. */
  look(): void {
    if (this.#room.record.probed === null) this.probe();
    else this.#settle();
  }

  /** Probes anew in the background; a probe that is under way goes on. */
  probe(): void {
    if (this.#room.probing || this.#closing.signal.aborted) return;
    const { candidates, log } = this.options;
    this.#room
      .probe({
        ...(candidates === undefined ? {} : { candidates }),
        signal: this.#closing.signal,
        quiet: () => this.#quiet(),
        onRows: () => {
          this.#show();
          this.announce();
        },
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) log(`the engines were not probed: ${toErrorReport(error).message}`);
      })
      .finally(() => {
        if (!this.#closing.signal.aborted) this.#settle();
      });
  }

  /** Another engine, device or way of segmenting was asked for. */
  wishChanged(): void {
    this.#settle();
  }

  /** A job began to wait, or the last one ended. */
  jobsChanged(): void {
    if (this.options.busy()) {
      this.#disturbing.abort();
      return;
    }
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  close(): void {
    this.#closing.abort();
    for (const resolve of this.#idle) resolve();
    this.#room.dispose();
  }

  async #quiet(): Promise<AbortSignal> {
    if (this.options.busy()) await new Promise<void>((resolve) => this.#idle.add(resolve));
    this.#disturbing = new AbortController();
    return this.#disturbing.signal;
  }

  /** After a probe or another choice: whether there is anything to work with. */
  #settle(): void {
    const pick = this.#room.pick('segment');
    if (pick !== null) this.#setState(this.#state.kind === 'busy' ? 'busy' : 'idle', '');
    else {
      const { engine, device } = this.options.settings();
      const row = this.known.find(
        (report) =>
          (engine === 'auto' || report.name === engine) &&
          (device === 'auto' || report.device === device),
      );
      this.#setState('unavailable', row?.reason ?? '');
    }
    this.#show();
  }

  /** The engine that the next segmentation runs on, as people call it; empty where there is none. */
  get #name(): string {
    const pick = this.#room.pick('segment');
    return pick === null ? '' : candidateTitle(pick);
  }

  #show(): void {
    this.options.overviewChanged(this.overview());
  }

  #setState(kind: ComputeState, note: string): void {
    this.#state = { kind, note };
    this.announce();
  }
}
