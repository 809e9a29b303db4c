import type { LabelMapping, MappedClass } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { UNTOUCHED } from '#contract/label-byte';
import type { LabelRegion } from '../stacks/label-values';
import { cellBoundaries } from './cell-boundaries';

/** The class that `leave` stands for: the pixel stays as it is. */
const byteOf = (mapped: MappedClass): number => (mapped === 'leave' ? UNTOUCHED : mapped);

/**
 * The classes of a slice of label values, one a pixel, 0 where the label file
 * says nothing. `text`: a value as a person knows it.
 * @throws MembranaError labels.unmapped, naming values that the mapping leaves open
 */
export function classesOf(
  { values, opaque }: LabelRegion,
  width: number,
  mapping: LabelMapping,
  text: (value: number) => string,
): Uint8Array<ArrayBuffer> {
  const classes =
    mapping.kind === 'boundaries'
      ? cellBoundaries(values, width, mapping)
      : mapValues(values, mapping, text);
  if (opaque)
    opaque.forEach((seen, i) => (classes[i] = seen === 0 ? UNTOUCHED : (classes[i] ?? 0)));
  return classes;
}

function mapValues(
  values: LabelRegion['values'],
  mapping: Extract<LabelMapping, { kind: 'values' }>,
  text: (value: number) => string,
): Uint8Array<ArrayBuffer> {
  const known = new Map(mapping.classes.map(({ value, class: id }) => [value, byteOf(id)]));
  const rest = mapping.rest === null ? null : byteOf(mapping.rest);
  const unknown = new Set<number>();
  const classes = new Uint8Array(values.length);
  for (let i = 0; i < values.length;) {
    const value = values[i];
    let end = i + 1;
    while (end < values.length && values[end] === value) end += 1;
    const id = known.get(Number(value)) ?? rest;
    if (id === null) unknown.add(Number(value));
    else classes.fill(id, i, end);
    i = end;
  }
  if (unknown.size > 0) throw unmapped([...unknown].map(text));
  return classes;
}

/** Values that are named in an error. */
const MOST_NAMED = 8;

function unmapped(values: readonly string[]): MembranaError {
  const named = values.slice(0, MOST_NAMED).join(', ');
  const more = values.length > MOST_NAMED ? ' and more' : '';
  return new MembranaError(
    'labels.unmapped',
    `Nothing says what ${values.length === 1 ? 'the value' : 'the values'} ${named}${more} of the labels mean.`,
    {
      hint: 'Give each a class, or leave the rest as it is.',
      safe: 'Nothing was imported.',
      data: { values: named, count: values.length },
    },
  );
}
