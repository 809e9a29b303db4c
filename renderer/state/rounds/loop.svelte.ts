import type { ModelId } from '#contract/ids';
import type { ModelsState } from './models.svelte';
import { nextStep, type LoopStep } from './next-action';
import type { ProjectState } from '../project.svelte';
import { shownPrediction } from '../view/shown-prediction';
import type { ViewState } from '../view/view.svelte';

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

  /** Whose prediction the slice in view shows; null = none. */
  readonly shownModel = $derived.by(() => this.shownModelOf(this.#view.z));
  readonly slicePredicted = $derived(this.shownModel !== null);
  /** What the slice in view shows is of an earlier version than the one in use, or made under another conditioning. */
  readonly sliceIsOld = $derived.by(() => this.isOld(this.#view.z));
  /** What it shows is of the version in use, but was made from slices shown to it in another way. */
  readonly sliceIsStale = $derived.by(
    () => this.sliceIsOld && this.shownModel === this.#models.currentId,
  );
  readonly fresh = $derived.by(() => Math.max(0, this.#project.reviewedPixels - this.#learned));
  readonly next = $derived.by((): LoopStep =>
    nextStep({
      projectOpen: this.#project.open !== null,
      hasModel: this.#models.current !== null,
      slicePredicted: this.slicePredicted && !this.sliceIsOld,
      reviewedSinceTraining: this.fresh,
      readOnly: this.#project.readOnly,
    }),
  );

  /** Whose prediction a slice shows: of the version in use, else of the nearest one it descends from. */
  shownModelOf(z: number): ModelId | null {
    return shownPrediction(this.#models.currentId, this.#models.all, (model) =>
      this.#project.hasPrediction(model, z),
    );
  }

  isOld(z: number): boolean {
    const shown = this.shownModelOf(z);
    if (shown === null) return false;
    return shown !== this.#models.currentId || this.#project.isStale(shown, z);
  }

  /** On opening: a model retrained here is taken to know what was reviewed before. */
  start(): void {
    this.#learned = this.#models.current?.origin === 'retrained' ? this.#project.reviewedPixels : 0;
  }

  /** A retraining has ended: what was reviewed so far has been used. */
  learned(): void {
    this.#learned = this.#project.reviewedPixels;
  }
}
