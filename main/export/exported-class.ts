import type { ClassThreshold, LabelClass, ModelClass } from '#contract/entities';
import { classThresholdFor, sameClass } from '#contract/mask/class-mask';

/** A class beside membrane whose mask or probability is written in place of membrane's. */
export interface ExportedClass {
  /** Of the class on the model's card. */
  readonly id: number;
  readonly name: string;
  /** Its number in the labels; null = the project has no such class. */
  readonly label: number | null;
  readonly threshold: number;
}

/**
 * A class of a project by its name, as the model in use finds it; null where it
 * finds none of that name. `set`: thresholds that the user set.
 */
export function exportedClass(
  name: string,
  known: readonly ModelClass[],
  own: readonly LabelClass[],
  set: readonly ClassThreshold[],
): ExportedClass | null {
  const found = known.find((one) => sameClass(one, { name }));
  if (found === undefined) return null;
  return {
    id: found.id,
    name: found.name,
    threshold: classThresholdFor(found, set),
    label: own.find((one) => sameClass(one, { name }))?.id ?? null,
  };
}
