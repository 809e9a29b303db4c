import type { ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';

export type ThresholdSource = 'validation' | 'user' | 'default';

/** Used while there is no model to say better. */
export const DEFAULT_THRESHOLD = 0.5;

export interface ThresholdChoice {
  readonly model: ModelId;
  readonly value: number;
}

/**
 * The threshold in force. A value set by hand counts for the model it was set
 * for; another model starts from its own validation threshold again.
 */
export function thresholdInForce(
  model: ModelVersion | null,
  choice: ThresholdChoice | null,
): { readonly value: number; readonly source: ThresholdSource } {
  if (model === null) return { value: DEFAULT_THRESHOLD, source: 'default' };
  if (choice?.model === model.id) return { value: choice.value, source: 'user' };
  const value = model.thresholds.topology;
  return { value, source: model.scores === null ? 'default' : 'validation' };
}

/** How sure the model must be before a pixel counts as membrane. */
export class ThresholdState {
  readonly #model: () => ModelVersion | null;
  #choice = $state.raw<ThresholdChoice | null>(null);

  constructor(model: () => ModelVersion | null) {
    this.#model = model;
  }

  readonly #inForce = $derived.by(() => thresholdInForce(this.#model(), this.#choice));
  readonly value = $derived(this.#inForce.value);
  readonly source = $derived(this.#inForce.source);
  /** What is saved with the view: null = follow the model. */
  readonly chosen = $derived(this.source === 'user' ? this.value : null);

  set(value: number): void {
    const model = this.#model();
    if (model === null) return;
    const rounded = Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
    this.#choice = { model: model.id, value: rounded };
  }

  followModel(): void {
    this.#choice = null;
  }

  restore(model: ModelId | null, value: number | null): void {
    this.#choice = model === null || value === null ? null : { model, value };
  }
}
