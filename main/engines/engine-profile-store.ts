import { join } from 'node:path';
import { z } from 'zod';
import { EngineName, EngineProvider, EngineReport } from '#contract/entities';
import type { Log } from '#main/diagnostics/log';
import { JsonStore, type ReplaceFile } from '#main/storage/json-store';
import { BatchLimits } from '../compute/requests';
import { sameCandidate, type Candidate } from './candidate';
import type { EngineWork } from './choose-engine';
import { Machine, sameMachine } from './machine';
import type { Attempt } from './fallback-policy';

const StoredCandidate = z.object({
  name: EngineName,
  device: z.enum(['cpu', 'gpu']),
  provider: EngineProvider,
});

/** What a job that had to step down found to work. */
const KnownFailure = z.object({
  work: z.enum(['segment', 'train']),
  /** What failed, and at how many base filters: it holds for networks at least as wide. */
  from: StoredCandidate,
  baseFilters: z.int().nonnegative(),
  to: z.object({ candidate: StoredCandidate, portion: BatchLimits }),
  /** What happened, as the job said it. */
  remark: z.string(),
});
export type KnownFailure = z.infer<typeof KnownFailure>;

const MachineRecord = z.object({
  machine: Machine,
  /** When the probe ended; null = not probed as this machine yet. */
  probed: z.string().nullable(),
  reports: z.array(EngineReport),
  lessons: z.array(KnownFailure),
});
export type MachineRecord = z.infer<typeof MachineRecord>;

const Stored = z.object({ machines: z.array(MachineRecord) });

/** A settings folder that moves between machines, or an app and its command line with their own threads. */
const MACHINES_KEPT = 8;

/** `engines.json` in the user's data folder: what the probes and the jobs found out, by machine. */
export class EngineProfileStore {
  private constructor(private readonly store: JsonStore<z.infer<typeof Stored>>) {}

  static async open(
    folder: string,
    replaceFile: ReplaceFile,
    log: Log,
  ): Promise<EngineProfileStore> {
    const path = join(folder, 'engines.json');
    const parse = (json: unknown): z.infer<typeof Stored> => Stored.parse(json);
    return new EngineProfileStore(
      await JsonStore.open({ path, parse, initial: { machines: [] }, replaceFile, log }),
    );
  }

  /** What is known of the machine; a changed driver, version, library or thread count makes it another one. */
  recall(machine: Machine): MachineRecord {
    return (
      this.store.value.machines.find((record) => sameMachine(record.machine, machine)) ?? {
        machine,
        probed: null,
        reports: [],
        lessons: [],
      }
    );
  }

  /** Keeps a finished probe. It says how things are now, so earlier lessons go. */
  async keepProbe(machine: Machine, reports: readonly EngineReport[]): Promise<void> {
    await this.keep({
      machine,
      probed: new Date().toISOString(),
      reports: [...reports],
      lessons: [],
    });
  }

  /** Keeps what a job found to work, in the place of what was known for that work and engine. */
  async learn(machine: Machine, lesson: KnownFailure): Promise<void> {
    const record = this.recall(machine);
    const others = record.lessons.filter(
      ({ work, from, baseFilters }) =>
        work !== lesson.work ||
        !sameCandidate(from, lesson.from) ||
        baseFilters < lesson.baseFilters,
    );
    await this.keep({ ...record, lessons: [...others, lesson] });
  }

  private async keep(record: MachineRecord): Promise<void> {
    const others = this.store.value.machines.filter(
      ({ machine }) => !sameMachine(machine, record.machine),
    );
    await this.store.set({ machines: [record, ...others].slice(0, MACHINES_KEPT) });
  }
}

/**
 * Where a job that would start on `candidate` should start after what earlier
 * ones met: a failure at fewer or equally many base filters would come again.
 */
export function startFrom(
  lessons: readonly KnownFailure[],
  work: EngineWork,
  candidate: Candidate,
  baseFilters: number,
): Attempt | null {
  const fitting = lessons
    .filter(
      (lesson) =>
        lesson.work === work &&
        sameCandidate(lesson.from, candidate) &&
        lesson.baseFilters <= baseFilters,
    )
    .sort((a, b) => b.baseFilters - a.baseFilters);
  return fitting[0]?.to ?? null;
}

/** A lesson as a sentence for the engines panel. */
export function lessonText({ work, baseFilters, remark }: KnownFailure): string {
  const doing = work === 'train' ? 'Training' : 'Segmenting';
  return `${doing} with ${baseFilters} base filters: ${remark}`;
}
