import { describe, expect, it } from 'vitest';
import type { LabelFileSummary } from '#contract/entities';
import { GrantId } from '#contract/ids';
import { emptyImport, formOf, importWish, type ImportForm } from './import-form';

const grant = { id: GrantId.parse('g-1'), name: 'mask.tif', kind: 'labels' as const };
const summary: LabelFileSummary = {
  name: 'mask.tif',
  depth: 3,
  distinct: 2,
  values: [
    { value: 0, fraction: 0.8, colour: null },
    { value: 255, fraction: 0.2, colour: null },
  ],
  notes: [],
  suggestion: null,
};
const form: ImportForm = { ...emptyImport, grant };

describe('the labels that a form asks for', () => {
  it('are asked about where nothing tells what a value means', () => {
    const asked = formOf(form, summary);
    expect(importWish(form, 8)).toEqual({
      kind: 'problem',
      text: 'Choose a file or a folder first.',
    });
    expect(importWish(asked, 8)).toEqual({ kind: 'problem', text: 'Say what 0 means.' });
    const classes = [
      { value: 0, class: 1 },
      { value: 255, class: 2 },
    ];
    expect(importWish({ ...asked, classes, first: '6' }, 8)).toEqual({
      kind: 'labels',
      grant,
      choice: {
        mapping: { kind: 'values', classes, rest: null },
        ...{ as: 'painted', existing: 'keep', first: 5 },
      },
    });
    expect(importWish({ ...asked, classes, first: '7' }, 8)).toMatchObject({ kind: 'problem' });
    const left = classes.map(({ value }) => ({ value, class: 'leave' as const }));
    expect(importWish({ ...asked, classes: left }, 8)).toMatchObject({
      text: expect.stringContaining('nothing would be imported') as string,
    });
  });

  it('are as the file suggests, and cells get membranes of a width', () => {
    const cells = formOf(form, {
      ...summary,
      distinct: 900,
      suggestion: { kind: 'boundaries', width: 1, zero: 'membrane' },
    });
    expect(importWish({ ...cells, width: '3' }, 3)).toMatchObject({
      choice: { mapping: { kind: 'boundaries', width: 3, zero: 'membrane' }, first: 0 },
    });
    expect(importWish({ ...cells, width: '0' }, 3)).toMatchObject({ kind: 'problem' });
    expect(importWish({ ...cells, kind: 'values' }, 3)).toMatchObject({ kind: 'problem' });
  });

  it('to compare with need as many slices as the stack', () => {
    const truth: ImportForm = { ...formOf(form, summary), as: 'truth' };
    expect(importWish(truth, 3)).toEqual({ kind: 'truth', grant });
    expect(importWish(truth, 8)).toMatchObject({ kind: 'problem' });
  });
});
