import type { MaskSetting, MaskThresholds, ModelVersion, StackTrust } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { thresholdsFor } from '#contract/mask/mask-setting';
import type { ModelsState } from '../rounds/models.svelte';

type MaskSource = 'validation' | 'steadier' | 'user' | 'before' | 'default';
/** What was measured of a version on the open stack. */
type TrustIn = (id: ModelId | null) => StackTrust | null;

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
  readonly #trust: TrustIn;
  #choice = $state.raw<Choice>(followed);

  constructor(models: ModelsState, trust: TrustIn) {
    this.#models = models;
    this.#trust = trust;
  }

  /** What counts now, and is saved with the view. */
  readonly setting: MaskSetting = $derived.by(() => {
    const { model, setting } = this.#choice;
    const { all, currentId } = this.#models;
    const strange = setting.kind === 'own' && beginning(all, model) !== beginning(all, currentId);
    return strange ? followed.setting : setting;
  });
  readonly thresholds = $derived.by(() => this.#thresholds(this.setting));
  /** As the model, or what was measured of it here, suggests. */
  readonly suggested = $derived.by(() => this.#thresholds(followed.setting));
  readonly source = $derived.by((): MaskSource => {
    const { current } = this.#models;
    if (current === null) return 'default';
    switch (this.setting.kind) {
      case 'own':
        return 'user';
      case 'one':
        return 'before';
      case 'model':
        if (this.suggested.cells !== current.thresholds.topology) return 'steadier';
        return current.scores === null ? 'default' : 'validation';
    }
  });

  /** The thresholds for the maps of another version: the user's, else those of its card. */
  of(id: ModelId | null): MaskThresholds {
    return thresholdsFor(this.#models.find(id), this.setting, this.#trust(id));
  }

  #thresholds(setting: MaskSetting): MaskThresholds {
    const { current, currentId } = this.#models;
    return thresholdsFor(current, setting, this.#trust(currentId));
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

/** A probability in hundredths, within [0, 1]. */
export function hundredths(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
}

/** The oldest version that a version comes from. */
export function beginning(models: readonly ModelVersion[], id: ModelId | null): ModelId | null {
  let oldest = id;
  // A chain is no longer than the list, also where a file makes it a ring.
  for (let left = models.length; left > 0; left -= 1) {
    const parent = models.find((model) => model.id === oldest)?.parent ?? null;
    if (parent === null) break;
    oldest = parent;
  }
  return oldest;
}
