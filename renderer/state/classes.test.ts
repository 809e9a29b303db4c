import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelClass } from '#contract/entities';
import { LabelClass as LabelClassSchema } from '#contract/entities';
import { defaultLayers } from '../canvas/view-types';
import { ClassesState, freshClass, neighbourClass, withChange } from './classes.svelte';
import { sampleProject } from './testing/sample-project';

const two = sampleProject().classes;
const name = (id: number): string => `class ${String(id)}`;

function many(count: number): LabelClass[] {
  const all = [...two];
  for (let i = 0; i < count; i += 1) {
    const next = freshClass(all, name);
    if (next) all.push(next);
  }
  return all;
}

describe('a new class', () => {
  it('gets the next number, digit and colour', () => {
    const third = freshClass(two, name);
    expect(third).toMatchObject({ id: 3, name: 'class 3', key: 3, locked: false });
    expect(two.map(({ colour }) => colour)).not.toContain(third?.colour);
  });

  it('gets a name that no other has, in capitals or not', () => {
    const taken = two.map((one) => (one.id === 2 ? { ...one, name: 'Class 3' } : one));
    expect(freshClass(taken, name)).toMatchObject({ id: 3, name: 'class 3 (2)' });
  });

  it('is not green as the review is, while another colour is free', () => {
    expect(many(4).map(({ colour }) => colour)).not.toContain(defaultLayers.review.colour);
  });

  it('fills the number that a removed one left', () => {
    const all = many(3).filter(({ id }) => id !== 4);
    expect(freshClass(all, name)).toMatchObject({ id: 4, key: 4 });
  });

  it('has no digit once all nine are given, and there is an end to them', () => {
    const all = many(300);
    expect(all.filter(({ key }) => key !== null)).toHaveLength(9);
    expect(all).toHaveLength(126);
    expect(freshClass(all, name)).toBeNull();
    for (const one of all) expect(LabelClassSchema.parse(one)).toEqual(one);
  });
});

describe('a change of a class', () => {
  it('takes a digit away from the class that had it, and touches nothing else', () => {
    const after = withChange(many(2), 4, { key: 2 });
    expect(after.map(({ id, key }) => [id, key])).toEqual([
      [1, 1],
      [2, null],
      [3, 3],
      [4, 2],
    ]);
    expect(withChange(after, 4, { key: null }).find(({ id }) => id === 2)?.key).toBeNull();
  });

  it('never leaves a digit on two classes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }))),
        (changes) => {
          let all: readonly LabelClass[] = many(4);
          for (const [id, key] of changes) all = withChange(all, id, { key });
          const keys = all.flatMap(({ key }) => (key === null ? [] : [key]));
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
      { seed: 2026 },
    );
  });
});

describe('going through the classes', () => {
  it('goes round in both directions, in the order of the list', () => {
    const all = many(1);
    expect(neighbourClass(all, 1, 1)).toBe(2);
    expect(neighbourClass(all, 3, 1)).toBe(1);
    expect(neighbourClass(all, 1, -1)).toBe(3);
    expect(neighbourClass([], 1, 1)).toBeNull();
  });

  it('comes back from void, which is not in the list', () => {
    expect(neighbourClass(many(1), 127, 1)).toBe(1);
    expect(neighbourClass(many(1), 127, -1)).toBe(3);
  });
});

it('what is locked follows the classes', () => {
  let all = two;
  const classes = new ClassesState(() => all);
  expect([...classes.locked]).toEqual([]);
  all = withChange(two, 2, { locked: true });
  expect([...new ClassesState(() => all).locked]).toEqual([2]);
  expect(classes.byKey(2)?.name).toBe('membrane');
  classes.count([{ class: 2, pixels: 9, slices: 1 }]);
  expect(classes.counts?.get(2)).toBe(9);
});
