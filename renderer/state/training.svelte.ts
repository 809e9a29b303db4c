import type { LossPoint, Scores, TrainingUpdate } from '#contract/entities';
import type { JobId } from '#contract/ids';

/** What one training has streamed so far. */
export interface TrainingRun {
  readonly job: JobId;
  readonly steps: number;
  readonly step: number;
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
  return { job, steps: 0, step: 0, losses: [], validations: [], scores: null, preview: null };
}

/** A run with one more update taken in; updates may come twice after a restart, the later counts. */
export function withUpdate(run: TrainingRun, update: TrainingUpdate): TrainingRun {
  switch (update.kind) {
    case 'step': {
      const kept = run.losses.filter((point) => point.step < update.step);
      const losses = [...kept, { step: update.step, loss: update.loss }];
      return { ...run, step: update.step, steps: update.steps, losses };
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
