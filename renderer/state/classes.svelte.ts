import type { ClassCount, LabelClass } from '#contract/entities';
import { INTERIOR, MEMBRANE, VOID } from '#contract/label-byte';
import { sameClass } from '#contract/mask/class-mask';
import { defaultLayers } from '../canvas/view-types';
import { overlayColours } from './view/layers.svelte';

/** Classes that every project has, since the models speak of them. */
export function isFixedClass(id: number): boolean {
  return id === INTERIOR || id === MEMBRANE || id === VOID;
}

/** Greatest id of a class of the user's own. */
const LAST_ID = 126;

/** A class that could be added: the first free number, digit and colour. Null when all numbers are taken. */
export function freshClass(
  classes: readonly LabelClass[],
  nameOf: (id: number) => string,
): LabelClass | null {
  const taken = new Set(classes.map(({ id }) => id));
  let id = MEMBRANE + 1;
  while (taken.has(id)) id += 1;
  if (id > LAST_ID) return null;
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const key = digits.find((digit) => classes.every((one) => one.key !== digit)) ?? null;
  // Membrane's orange is first in the list: a new class looks for its own further down.
  // The green of the review is left to it, so that a class is not taken for what is confirmed.
  const used = new Set<string>(classes.map(({ colour }) => colour));
  used.add(defaultLayers.review.colour);
  const free = overlayColours.filter((colour) => !used.has(colour));
  const colour = free[0] ?? overlayColours[id % overlayColours.length] ?? overlayColours[0];
  return { id, name: freeName(classes, nameOf(id)), colour, key, locked: false };
}

/** A name that no class has: classes are the same where their names are. */
function freeName(classes: readonly LabelClass[], wanted: string): string {
  let name = wanted;
  for (let number = 2; classes.some((one) => sameClass(one, { name })); number += 1)
    name = `${wanted.slice(0, 50)} (${String(number)})`;
  return name;
}

/** The classes with one of them changed; a digit that it takes is taken from the class that had it. */
export function withChange(
  classes: readonly LabelClass[],
  id: number,
  change: Partial<Omit<LabelClass, 'id'>>,
): LabelClass[] {
  const { key } = change;
  return classes.map((one) => {
    if (one.id === id) return { ...one, ...change };
    return key !== undefined && key !== null && one.key === key ? { ...one, key: null } : one;
  });
}

/** The class before or after one in the list, going round; void is not among them. */
export function neighbourClass(
  classes: readonly LabelClass[],
  id: number,
  direction: 1 | -1,
): number | null {
  if (classes.length === 0) return null;
  const at = classes.findIndex((one) => one.id === id);
  const from = at === -1 ? (direction === 1 ? -1 : 0) : at;
  return classes[(from + direction + classes.length) % classes.length]?.id ?? null;
}

/** The classes of the open project, and how often each occurs on the slice shown. */
export class ClassesState {
  readonly #all: () => readonly LabelClass[];
  /** Labelled pixels on the slice shown, by class; null while they are being counted for the first time. */
  counts = $state.raw<ReadonlyMap<number, number> | null>(null);
  /** Classes that some pixel of the project was seen to have, as far as this window looked. */
  painted = $state.raw<ReadonlySet<number>>(new Set());
  /** The class whose name is being typed. */
  renaming = $state<number | null>(null);

  /** `all` = the project's classes, as the last step left them. */
  constructor(all: () => readonly LabelClass[]) {
    this.#all = all;
  }

  /** In their order; void is not among them. */
  readonly all = $derived.by(() => this.#all());
  /** Nothing may change pixels of these. */
  readonly locked = $derived.by(
    (): ReadonlySet<number> => new Set(this.all.filter(({ locked }) => locked).map(({ id }) => id)),
  );

  /** Another project is shown, or none. */
  leave(): void {
    this.counts = null;
    this.painted = new Set();
    this.renaming = null;
  }

  find(id: number): LabelClass | null {
    return this.all.find((one) => one.id === id) ?? null;
  }

  byKey(key: number): LabelClass | null {
    return this.all.find((one) => one.key === key) ?? null;
  }

  /** What the slice shown holds. */
  count(counts: readonly ClassCount[]): void {
    this.counts = new Map(counts.map((one) => [one.class, one.pixels]));
    this.see(counts);
  }

  /** What was found on some slices. */
  see(counts: readonly ClassCount[]): void {
    this.painted = new Set([...this.painted, ...counts.map((one) => one.class)]);
  }
}
