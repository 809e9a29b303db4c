import fc from 'fast-check';
import { ModelId } from '#contract/ids';
import { INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';

/** Two tiles wide, so that strokes cross a border. */
export const shape = { width: 600, height: 120, depth: 4 };
export const models = ['general', 'isbi-base8'].map((id) => ModelId.parse(id));

/** Quarters of a pixel. */
const between = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 4 * least, max: 4 * most }).map((quarters) => quarters / 4);
const place = {
  z: fc.nat(shape.depth - 1),
  x: between(-20, shape.width + 20),
  y: between(-20, shape.height + 20),
};

/** One thing a person does. */
export const operation = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('stroke' as const),
      ...place,
      dx: between(-90, 90),
      dy: between(-60, 60),
      radius: between(1, 25),
      label: fc.constantFrom(UNTOUCHED, INTERIOR, MEMBRANE, VOID),
      rule: fc.nat(3),
      ends: fc.constantFrom('kept' as const, 'kept' as const, 'kept' as const, 'dropped' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('confirm' as const, 'erase' as const),
      ...place,
      width: fc.integer({ min: 1, max: 160 }),
      height: fc.integer({ min: 1, max: 80 }),
      corner: between(0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('fill' as const, 'grow' as const, 'unreview' as const),
      z: place.z,
      x: fc.nat(shape.width - 1),
      y: fc.nat(shape.height - 1),
      label: fc.constantFrom(UNTOUCHED, INTERIOR, MEMBRANE),
      rule: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('span' as const),
      x: fc.nat(shape.width - 1),
      y: fc.nat(shape.height - 1),
      label: fc.constantFrom(UNTOUCHED, INTERIOR, MEMBRANE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('class' as const),
      edit: fc.constantFrom('add', 'rename', 'recolour', 'remove', 'move'),
      which: fc.nat(20),
      word: fc.stringMatching(/^[a-zµ細]{1,12}$/),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('model' as const), which: fc.nat(1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('segment' as const),
      which: fc.nat(1),
      slices: fc.uniqueArray(fc.nat(shape.depth - 1), { minLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('undo' as const, 'redo' as const),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
export type ClassEdit = Extract<Operation, { kind: 'class' }>;
