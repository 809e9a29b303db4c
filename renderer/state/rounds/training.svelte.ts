import type { LossPoint, Scores, TrainingUpdate } from '#contract/entities';
import type { JobId } from '#contract/ids';

/** What one training has streamed so far. */
export interface TrainingRun {
  readonly job: JobId;
  /** Of the whole training; null where the clock ends it, or before the first step. */
  readonly steps: number | null;
  readonly step: number;
  /** How much of it lies behind, in [0, 1]. */
  readonly share: number;
  readonly losses: readonly LossPoint[];
  readonly validations: readonly LossPoint[];
  readonly scores: Scores | null;
  readonly preview: {
    readonly step: number;
    readonly width: number;
    readonly height: number;
  } | null;
}

export function emptyRun(job: JobId): TrainingRun {
  return {
    job,
    steps: null,
    step: 0,
    share: 0,
    losses: [],
    validations: [],
    scores: null,
    preview: null,
  };
}

/** Steps that a curve has room for: all of them, or about as many as the clock will allow. */
export function expectedSteps({ steps, step, share }: TrainingRun): number {
  return steps ?? (share > 0 ? Math.max(step, Math.round(step / share)) : step);
}

/** A run with one more update taken in; updates may come twice after a restart, the later counts. */
export function withUpdate(run: TrainingRun, update: TrainingUpdate): TrainingRun {
  switch (update.kind) {
    case 'step': {
      const kept = run.losses.filter((point) => point.step < update.step);
      const losses = [...kept, { step: update.step, loss: update.loss }];
      const { step, steps, share } = update;
      return { ...run, step, steps, share, losses };
    }
    case 'validation': {
      const kept = run.validations.filter((point) => point.step < update.step);
      const point = { step: update.step, loss: update.loss };
      return { ...run, scores: update.scores, validations: [...kept, point] };
    }
    case 'preview': {
      const { step, width, height } = update;
      return { ...run, preview: { step, width, height } };
    }
  }
}

/** The training that runs, or ran last in this session. */
export class TrainingState {
  run = $state.raw<TrainingRun | null>(null);

  begin(job: JobId): void {
    this.run = emptyRun(job);
  }

  update(job: JobId, update: TrainingUpdate): void {
    const run = this.run?.job === job ? this.run : emptyRun(job);
    this.run = withUpdate(run, update);
  }

  forget(): void {
    this.run = null;
  }
}
