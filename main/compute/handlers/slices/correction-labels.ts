import { MembranaError } from '#contract/errors';
import { classOf, UNTOUCHED, VOID } from '#contract/label-byte';
import { FEWEST_OF_CLASS } from '#main/corrections/class-set';
import { isPainted, isReviewed, UNSURE, type LearnableSlice } from '#main/corrections/training-set';
import type { NormalisedSlice } from '#model/inference/predictor';
import type { TrainingSlice } from '#model/training/training-slice';
import type { Corrections, NamedClass } from '../../requests';
import { classesToLearn, placeOf as placeIn } from '../training/known-classes';
import type { LoadedNetwork } from '../loaded-network';
import type { SeenSlice } from '../scores/version-check';

/** A class beside membrane, and its number in the labels; null = the project has no such class. */
export interface ClassToLearn extends NamedClass {
  readonly label: number | null;
}

/** What the version in use makes of a slice. */
export interface OwnAnswers {
  /** Its labels of membrane (`pseudoLabels`). */
  readonly own: Uint8Array<ArrayBuffer>;
  /** What it says of each class; null = it does not know it. */
  readonly ownClasses: readonly (Uint8Array | null)[];
}

export const placeOf = ({ image, width, height }: SeenSlice): NormalisedSlice => ({
  image,
  width,
  height,
});

/** Labels where there is tissue; elsewhere there is nothing to learn or to check, whatever was painted. */
export function onTissue(
  labels: Uint8Array<ArrayBuffer>,
  known: Uint8Array | null,
): Uint8Array<ArrayBuffer> {
  return known === null ? labels : labels.map((label, i) => (known[i] === 1 ? label : VOID));
}

/** The classes of a round, those of them that are painted enough to be learnt, and a word about the others. */
export function classesOf(
  { classes: own = [] }: Corrections,
  start: LoadedNetwork,
  inUse: LoadedNetwork,
  painted: ReadonlyMap<number, number>,
  note: (text: string) => void,
): { readonly classes: readonly ClassToLearn[]; readonly wanted: readonly NamedClass[] } {
  const pixelsOf = ({ id }: NamedClass): number => painted.get(id) ?? 0;
  const wanted = own.filter((one) => pixelsOf(one) >= FEWEST_OF_CLASS);
  for (const one of own)
    if (pixelsOf(one) > 0 && !wanted.includes(one))
      note(`Too little of ${one.name} is painted to learn it (${String(pixelsOf(one))} pixels)`);
  const known = classesToLearn(start.file.classes, inUse.file.classes);
  const classes = classesToLearn(known, wanted).map((one) => ({
    ...one,
    label: own[placeIn(own, one)]?.id ?? null,
  }));
  return { classes, wanted };
}

/** The own labels of the version in use as `holdBack` asks for them: strokes of a class that it finds are nothing new. */
export function judgedOwn(
  labels: Uint8Array,
  { own, ownClasses }: OwnAnswers,
  classes: readonly ClassToLearn[],
): Uint8Array {
  const places = new Map(classes.map(({ label }, c) => [label, c]));
  return own.map((value, i) => {
    const label = labels[i] ?? UNTOUCHED;
    const c = isPainted(label) ? places.get(classOf(label)) : undefined;
    if (c === undefined) return value;
    return ownClasses[c]?.[i] === 1 ? 0 : UNSURE;
  });
}

/** Every painted pixel that trains, whatever it was painted with. */
export function strokeFocus(
  labels: Uint8Array,
  held: Uint8Array | undefined,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(labels, (label, i) =>
    isPainted(label) && (held?.[i] ?? 0) === 0 ? 1 : 0,
  );
}

/**
 * A model's own map of membrane counts this much of a stroke, everywhere, where
 * a round is about other classes (docs/decisions/0014-classes.md).
 */
const KEPT = 0.25;

export function keptMembrane(
  labels: Uint8Array,
  own: Uint8Array,
  soft: Float32Array,
): LearnableSlice & Pick<TrainingSlice, 'soft'> {
  return {
    target: Uint8Array.from(own, (value) => (value === 1 ? 1 : 0)),
    weight: Float32Array.from(labels, (label) => (classOf(label) === VOID ? 0 : KEPT)),
    focus: new Uint8Array(labels.length),
    soft,
  };
}

/** Labels beside the tissue teach nothing: on them alone a round would be replay only. */
export function requireTissue(seen: readonly { readonly labels: Uint8Array }[]): void {
  const teaches = (label: number): boolean =>
    classOf(label) !== UNTOUCHED && classOf(label) !== VOID;
  if (seen.some(({ labels }) => labels.some(teaches))) return;
  throw new MembranaError(
    'labels.none',
    'All corrections lie where the slices show no tissue, so there is nothing to learn from.',
    {
      hint: 'Paint or confirm where the slice shows tissue: the hatched parts teach nothing.',
      safe: 'The model in use stays as it is.',
    },
  );
}

/** Where crops are cut when nothing was painted: around what was confirmed. */
export function reviewedFocus(
  labels: Uint8Array,
  { weight }: LearnableSlice,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(labels, (label, i) => (isReviewed(label) && (weight[i] ?? 0) > 0 ? 1 : 0));
}

/**
 * The same slice where nobody looked: without labelled pictures the model's own
 * labels keep it what it was. Beside labelled ones they would only hold back
 * what the strokes teach (docs/decisions/0012-corrections.md).
 */
export function anchor(
  place: NormalisedSlice,
  { target, weight, ...more }: LearnableSlice & Pick<TrainingSlice, 'soft' | 'others'>,
  labels: Uint8Array,
): TrainingSlice {
  const focus = Uint8Array.from(labels, (label, i) =>
    label === UNTOUCHED && (weight[i] ?? 0) > 0 ? 1 : 0,
  );
  return { ...more, ...place, target, weight, focus, group: 'replay' };
}

export function requireAnchor(train: readonly TrainingSlice[]): void {
  const anchored = train.some(
    ({ group, focus, weight }) =>
      group === 'replay' && (focus ?? weight).some((value: number) => value > 0),
  );
  if (anchored) return;
  throw new MembranaError(
    'labels.none',
    'There are only corrections to learn from; a model trained on them alone forgets everything else.',
    {
      hint: 'Leave parts of the stack untouched, or put back the replay data that comes with Membrana.',
      safe: 'Labels and models are kept.',
    },
  );
}
