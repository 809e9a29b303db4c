import type { ModelsState } from './models.svelte';
import { nextStep, type LoopStep } from './next-action';
import type { ProjectState } from './project.svelte';
import type { ViewState } from './view.svelte';

/** Where in the loop the user is: open, segment, fix, retrain. */
export class LoopState {
  readonly #project: ProjectState;
  readonly #view: ViewState;
  readonly #models: ModelsState;
  /** Reviewed pixels that the model in use was trained with, as far as this window knows. */
  #learned = $state(0);

  constructor(project: ProjectState, view: ViewState, models: ModelsState) {
    this.#project = project;
    this.#view = view;
    this.#models = models;
  }

  readonly slicePredicted = $derived.by(() =>
    this.#project.hasPrediction(this.#models.currentId, this.#view.z),
  );
  readonly fresh = $derived.by(() => Math.max(0, this.#project.reviewedPixels - this.#learned));
  readonly next = $derived.by((): LoopStep =>
    nextStep({
      projectOpen: this.#project.open !== null,
      hasModel: this.#models.current !== null,
      slicePredicted: this.slicePredicted,
      reviewedSinceTraining: this.fresh,
      readOnly: this.#project.readOnly,
    }),
  );

  /** On opening: a model retrained here is taken to know what was reviewed before. */
  start(): void {
    this.#learned = this.#models.current?.origin === 'retrained' ? this.#project.reviewedPixels : 0;
  }

  /** A retraining has ended: what was reviewed so far has been used. */
  learned(): void {
    this.#learned = this.#project.reviewedPixels;
  }
}
