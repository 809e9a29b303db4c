import type { MaskSetting, MaskThresholds, ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { thresholdsFor } from '#contract/mask/mask-setting';
import type { ModelsState } from './models.svelte';

type MaskSource = 'validation' | 'user' | 'before' | 'default';

interface Choice {
  /** Set while this version was in use. */
  readonly model: ModelId | null;
  readonly setting: MaskSetting;
}

const followed: Choice = { model: null, setting: { kind: 'model' } };

/**
 * Where the mask begins: the one owner of its two thresholds in the window.
 * What a user sets counts for the model that it was set for and for all that
 * come from the same beginnings by retraining; another model starts from its
 * own card.
 */
export class MaskState {
  readonly #models: ModelsState;
  #choice = $state.raw<Choice>(followed);

  constructor(models: ModelsState) {
    this.#models = models;
  }

  /** What counts now, and is saved with the view. */
  readonly setting: MaskSetting = $derived.by(() => {
    const { model, setting } = this.#choice;
    const { all, currentId } = this.#models;
    const strange = setting.kind === 'own' && beginning(all, model) !== beginning(all, currentId);
    return strange ? followed.setting : setting;
  });
  readonly thresholds = $derived.by(() => thresholdsFor(this.#models.current, this.setting));
  readonly source = $derived.by((): MaskSource => {
    const { current } = this.#models;
    if (current === null) return 'default';
    switch (this.setting.kind) {
      case 'own':
        return 'user';
      case 'one':
        return 'before';
      case 'model':
        return current.scores === null ? 'default' : 'validation';
    }
  });

  /** The thresholds for the maps of another version: the user's, else those of its card. */
  of(id: ModelId | null): MaskThresholds {
    return thresholdsFor(this.#models.find(id), this.setting);
  }

  /** Sets one threshold or both, in hundredths; the other stays what it is. */
  set(change: Partial<MaskThresholds>): void {
    if (this.#models.current === null) return;
    const { pixel, cells } = { ...this.thresholds, ...change };
    const setting = { kind: 'own', pixel: hundredths(pixel), cells: hundredths(cells) } as const;
    this.#choice = { model: this.#models.currentId, setting };
  }

  /** Back to what the card of the model in use says. */
  followModel(): void {
    this.#choice = followed;
  }

  restore(model: ModelId | null, setting: MaskSetting): void {
    this.#choice = { model, setting };
  }
}

function hundredths(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
}

/** The oldest version that a version comes from. */
function beginning(models: readonly ModelVersion[], id: ModelId | null): ModelId | null {
  let oldest = id;
  // A chain is no longer than the list, also where a file makes it a ring.
  for (let left = models.length; left > 0; left -= 1) {
    const parent = models.find((model) => model.id === oldest)?.parent ?? null;
    if (parent === null) break;
    oldest = parent;
  }
  return oldest;
}
