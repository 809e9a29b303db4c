import type { ClassThreshold, ModelClass, ModelVersion } from '../entities';
import { classOf, INTERIOR, isConfirmed, MEMBRANE, UNTOUCHED, VOID } from '../label-byte';

interface Named {
  readonly name: string;
}

/** Classes are the same where their names are: an id belongs to one project, or to one model. */
export function sameClass(a: Named, b: Named): boolean {
  return a.name.toLocaleLowerCase() === b.name.toLocaleLowerCase();
}

/** A label of a class of the user's own: what has a map beside membrane. */
export function isOwnClass(label: number): boolean {
  const id = classOf(label);
  return id !== UNTOUCHED && id !== INTERIOR && id !== MEMBRANE && id !== VOID;
}

/** From which probability on a pixel is of a class: as the user set it, else as the model's card says. */
export function classThresholdFor(one: ModelClass, set: readonly ClassThreshold[]): number {
  return set.find((own) => sameClass(own, one))?.threshold ?? one.threshold;
}

/** The class of this name that a model finds beside membrane; null = it knows none. */
export function knownClass(
  model: Pick<ModelVersion, 'classes'> | null,
  wanted: Named,
): ModelClass | null {
  return model?.classes.find((one) => sameClass(one, wanted)) ?? null;
}

/**
 * Whether a label leaves a class to its map. What was painted decides alone.
 * What was confirmed says what its pixel is, and nothing of the classes whose
 * masks lie over it: whoever confirmed before a class was learnt never saw it,
 * and a wall of a mitochondrion is of both.
 */
export function leavesToMap(label: number): boolean {
  return classOf(label) === UNTOUCHED || isConfirmed(label);
}

/**
 * The one mask of a class beside membrane, as it is shown, confirmed and
 * exported: a pixel whose label is of the class, or whose map reaches the
 * class's threshold (`reaches`) where its label leaves that to the map. `id`: of the class in the
 * labels; null = the project has none of that name.
 */
export function isOfClass(label: number, id: number | null, reaches: boolean): boolean {
  return (id !== null && classOf(label) === id) || (reaches && leavesToMap(label));
}

/**
 * The one class that a pixel shows, and that confirming it writes: what was
 * painted; else membrane, so that confirming changes no cell; else a class of
 * the user's own; else interior, or 0 where nothing is predicted.
 *
 * @param membrane the mask of membrane has the pixel; null = nothing is predicted there
 * @param found the first of the classes whose map reaches its threshold; 0 = none
 */
export function shownClass(label: number, membrane: boolean | null, found: number): number {
  const own = classOf(label);
  if (!leavesToMap(label) || own === MEMBRANE || isOwnClass(own)) return own;
  if (own === UNTOUCHED && membrane === true) return MEMBRANE;
  if (found !== 0) return found;
  return own === UNTOUCHED && membrane !== null ? INTERIOR : own;
}
