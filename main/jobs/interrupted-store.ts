import { join } from 'node:path';
import { z } from 'zod';
import { MaskThresholds } from '#contract/entities';
import { ModelId } from '#contract/ids';
import type { Log } from '#main/diagnostics/log';
import { TrainRequest } from '#main/jobs/train-job';
import { JsonStore, type ReplaceFile } from '../storage/json-store';

const slice = z.int().nonnegative();

/** A round of the open project; `model` was in use, `z` was in view. */
const RoundRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('retrain'),
    model: ModelId,
    z: slice,
    mask: MaskThresholds,
    /** The corrections that it learns from, as `RetrainServices.collected` names them; null = not known yet. */
    learnt: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('fit'),
    model: ModelId,
    z: slice,
    /** The picture that it is fitted to and how it is shown; null = files from before that was kept. */
    seen: z.string().nullable().default(null),
  }),
]);

/** Files from before rounds were kept have trainings from labels only. */
const Kept = z.union([
  RoundRequest,
  TrainRequest.transform((training) => ({ kind: 'train' as const, training })),
  z.object({ kind: z.literal('train'), training: TrainRequest }),
]);

const Interrupted = z.object({
  /** Folder of the project that the version goes to. */
  project: z.string().min(1),
  checkpoint: z.string().min(1),
  request: Kept,
  /** How often it has been taken up again. */
  resumed: z.int().nonnegative(),
});
export type Interrupted = z.infer<typeof Interrupted>;

/** As another version of the app wrote it: what it was to do is not known, only where it was. */
const Foreign = Interrupted.pick({ project: true, checkpoint: true }).extend({
  request: z.null().catch(null),
});
export type ForeignTraining = z.infer<typeof Foreign>;

const Remembered = z.union([Interrupted, Foreign]);
type Remembered = z.infer<typeof Remembered>;

/** Projects whose trainings are remembered at once; one that was deleted meanwhile is never asked for again. */
const MOST_REMEMBERED = 20;

/** The newest last. Files from before several were kept have one, or null. */
const Stored = z.union([
  z.object({ trainings: z.array(Remembered) }),
  z
    .object({ training: Remembered.nullable() })
    .transform(({ training }) => ({ trainings: training === null ? [] : [training] })),
]);

/**
 * `training.json` in the user's data folder: the training that runs, so that
 * one can go on that a sudden end of the app interrupted, one a project: what
 * was interrupted in one waits there while another is open. It lies here and not
 * in the project, because a project may not name files elsewhere.
 */
export class InterruptedStore {
  private constructor(private readonly store: JsonStore<z.infer<typeof Stored>>) {}

  static async open(folder: string, replaceFile: ReplaceFile, log: Log): Promise<InterruptedStore> {
    const path = join(folder, 'training.json');
    const parse = (json: unknown): z.infer<typeof Stored> => Stored.parse(json);
    return new InterruptedStore(
      await JsonStore.open({ path, parse, initial: { trainings: [] }, replaceFile, log }),
    );
  }

  /** The training that runs in a project, or was interrupted there. */
  of(project: string): Remembered | null {
    return this.store.value.trainings.find((one) => one.project === project) ?? null;
  }

  /** Remembers the training while the work runs, and forgets it at any end but that of the app. */
  async during<Result>(training: Interrupted, work: () => Promise<Result>): Promise<Result> {
    await this.remember(training);
    try {
      return await work();
    } finally {
      await this.forget(training.project);
    }
  }

  /** What is known of it by now. */
  async remember(training: Interrupted): Promise<void> {
    const kept = [...this.without(training.project), training];
    await this.store.set({ trainings: kept.slice(-MOST_REMEMBERED) });
  }

  async forget(project: string): Promise<void> {
    await this.store.set({ trainings: this.without(project) });
  }

  private without(project: string): Remembered[] {
    return this.store.value.trainings.filter((one) => one.project !== project);
  }
}
