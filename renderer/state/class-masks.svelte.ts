import type { ClassThreshold, LabelClass, ModelClass } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { classThresholdFor, isOwnClass, knownClass, sameClass } from '#contract/mask/class-mask';
import { firstByte } from '#contract/mask/membrane-mask';
import type { FoundClass } from '../canvas/view-types';
import { beginning, hundredths } from './view/mask.svelte';
import type { ModelsState } from './rounds/models.svelte';

interface Choice {
  /** Set while this version was in use. */
  readonly model: ModelId | null;
  readonly thresholds: readonly ClassThreshold[];
}

const followed: Choice = { model: null, thresholds: [] };

/**
 * Where the masks of the classes beside membrane begin, and which classes are
 * drawn. As with the mask of membrane, what a user sets counts for all versions
 * that come from the same beginnings; another model starts from its own card.
 */
export class ClassMasksState {
  readonly #models: ModelsState;
  readonly #all: () => readonly LabelClass[];
  #choice = $state.raw<Choice>(followed);
  /** Classes whose pixels are not drawn, by their numbers. */
  hidden = $state.raw<ReadonlySet<number>>(new Set());

  /** `all` = the project's classes, the one on top first. */
  constructor(models: ModelsState, all: () => readonly LabelClass[]) {
    this.#models = models;
    this.#all = all;
  }

  /** What the user set and counts now; saved with the view. */
  readonly thresholds = $derived.by((): readonly ClassThreshold[] => {
    const { model, thresholds } = this.#choice;
    const { all, currentId } = this.#models;
    return beginning(all, model) === beginning(all, currentId) ? thresholds : [];
  });

  /** The class as the version in use finds it; null = it has not learnt it. */
  known(one: Pick<LabelClass, 'name'>): ModelClass | null {
    return knownClass(this.#models.current, one);
  }

  thresholdOf(one: ModelClass): number {
    return classThresholdFor(one, this.thresholds);
  }

  /** The project's classes that a version finds beside membrane. */
  foundBy(version: ModelId | null): readonly FoundClass[] {
    const model = this.#models.find(version);
    return this.#all().flatMap(({ id, name }): FoundClass[] => {
      const one = isOwnClass(id) ? knownClass(model, { name }) : null;
      return one === null ? [] : [{ id, name: one.name, from: firstByte(this.thresholdOf(one)) }];
    });
  }

  /** Sets the threshold of a class, in hundredths; null = back to the model's card. */
  set({ name }: Pick<LabelClass, 'name'>, threshold: number | null): void {
    const others = this.thresholds.filter((one) => !sameClass(one, { name }));
    const own = threshold === null ? [] : [{ name, threshold: hundredths(threshold) }];
    this.#choice = { model: this.#models.currentId, thresholds: [...others, ...own] };
  }

  toggle(id: number): void {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this.hidden = hidden;
  }

  /** This class alone; all of them where it was alone already. */
  solo(id: number, drawn: readonly number[]): void {
    const others = drawn.filter((other) => other !== id);
    const alone = !this.hidden.has(id) && others.every((other) => this.hidden.has(other));
    this.hidden = new Set(alone ? [] : others);
  }

  restore(
    model: ModelId | null,
    thresholds: readonly ClassThreshold[],
    hidden: readonly number[],
  ): void {
    this.#choice = { model, thresholds };
    this.hidden = new Set(hidden);
  }
}
