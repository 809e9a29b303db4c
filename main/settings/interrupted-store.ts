import { join } from 'node:path';
import { z } from 'zod';
import { MaskThresholds } from '#contract/entities';
import { ModelId } from '#contract/ids';
import type { Log } from '#main/diagnostics/log';
import { TrainRequest } from '#main/jobs/train-job';
import { JsonStore, type ReplaceFile } from './json-store';

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
  z.object({ kind: z.literal('fit'), model: ModelId, z: slice }),
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

const Stored = z.object({ training: z.union([Interrupted, Foreign]).nullable() });

/**
 * `training.json` in the user's data folder: the training that runs, so that
 * one can go on that a sudden end of the app interrupted. It lies here and not
 * in the project, because a project may not name files elsewhere.
 */
export class InterruptedStore {
  private constructor(private readonly store: JsonStore<z.infer<typeof Stored>>) {}

  static async open(folder: string, replaceFile: ReplaceFile, log: Log): Promise<InterruptedStore> {
    const path = join(folder, 'training.json');
    const parse = (json: unknown): z.infer<typeof Stored> => Stored.parse(json);
    return new InterruptedStore(
      await JsonStore.open({ path, parse, initial: { training: null }, replaceFile, log }),
    );
  }

  get training(): Interrupted | ForeignTraining | null {
    return this.store.value.training;
  }

  /** Remembers the training while the work runs, and forgets it at any end but that of the app. */
  async during<Result>(training: Interrupted, work: () => Promise<Result>): Promise<Result> {
    await this.remember(training);
    try {
      return await work();
    } finally {
      await this.forget();
    }
  }

  /** What is known of it by now. */
  async remember(training: Interrupted): Promise<void> {
    await this.store.set({ training });
  }

  async forget(): Promise<void> {
    await this.store.set({ training: null });
  }
}
