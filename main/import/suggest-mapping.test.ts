import { expect, it } from 'vitest';
import type { LabelClass } from '#contract/entities';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { labelValueText, parseLabelValue } from '../stacks/label-values';
import { classesOf } from './map-values';
import { suggestMapping } from './suggest-mapping';

const classes: LabelClass[] = [
  { id: INTERIOR, name: 'interior', colour: '#56b4e9', key: 1, locked: false },
  { id: MEMBRANE, name: 'membrane', colour: '#e69f00', key: 2, locked: false },
  { id: 3, name: 'mitochondria', colour: '#f0e442', key: 3, locked: false },
];
const picture = {
  type: 'uint8',
  meaning: { kind: 'colour', stored: 'rgb', alpha: null },
} as const;
const plain = String;
const counted = (...pairs: readonly (readonly [number, number])[]) => new Map(pairs);

it('colours are the classes of the same colour, and black is where nothing was drawn', () => {
  const orange = parseLabelValue('#e69f00');
  const yellow = parseLabelValue('#f0e442');
  const other = parseLabelValue('#123456');
  const text = (value: number): string => labelValueText(value, picture);
  const three = counted([0, 50], [orange, 30], [yellow, 20]);
  expect(suggestMapping(three, classes, text)).toEqual({
    kind: 'values',
    classes: [
      { value: 0, class: 'leave' },
      { value: orange, class: MEMBRANE },
      { value: yellow, class: 3 },
    ],
    rest: null,
  });
  expect(suggestMapping(counted([0, 50], [orange, 30], [other, 20]), classes, text)).toBeNull();
});

it('a mask is told by how little membranes cover, whichever of its two values they are', () => {
  const masks = [
    [counted([0, 80], [255, 20]), 255],
    [counted([0, 20], [255, 80]), 0],
    [counted([0, 20], [1, 80]), 0],
  ] as const;
  for (const [counts, membrane] of masks) {
    const found = suggestMapping(counts, classes, plain);
    expect(found).toMatchObject({ kind: 'values', rest: null });
    if (found?.kind === 'values')
      for (const { value, class: id } of found.classes)
        expect(id).toBe(value === membrane ? MEMBRANE : INTERIOR);
  }
  expect(suggestMapping(counted([0, 98], [255, 2]), classes, plain)).toBeNull();
});

it('more than twenty values are cells, whose 0 is membrane where it covers as little', () => {
  const cells = Array.from({ length: 30 }, (_, i) => [i + 1, 10] as const);
  const zero = (pixels: number) => suggestMapping(new Map([...cells, [0, pixels]]), classes, plain);
  expect(zero(60)).toEqual({ kind: 'boundaries', width: 1, zero: 'membrane' });
  expect(zero(600)).toEqual({ kind: 'boundaries', width: 1, zero: 'leave' });
  expect(suggestMapping(new Map(cells), classes, plain)).toMatchObject({ zero: 'cell' });
});

it('pixels that the file shows as transparent stay as they are', () => {
  const values = Uint8Array.of(255, 255, 0, 0);
  const mapping = {
    kind: 'values' as const,
    classes: [
      { value: 255, class: MEMBRANE },
      { value: 0, class: INTERIOR },
    ],
    rest: null,
  };
  const opaque = Uint8Array.of(1, 0, 1, 0);
  expect(classesOf({ values, opaque }, 2, mapping, plain)).toEqual(
    Uint8Array.of(MEMBRANE, 0, INTERIOR, 0),
  );
  expect(classesOf({ values, opaque: null }, 2, mapping, plain)[1]).toBe(MEMBRANE);
});
