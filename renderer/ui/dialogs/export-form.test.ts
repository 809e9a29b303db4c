import { describe, expect, it } from 'vitest';
import { exportPlan, fileName, valueRows, type ExportFacts, type ExportForm } from './export-form';

const form: ExportForm = {
  what: 'mask',
  of: null,
  format: 'tiff',
  values: '0/255',
  which: 'all',
  range: '1-8',
  missing: 'segment',
};
/** Eight slices of 100 pixels: the first three predicted, the fourth labelled all over, the fifth in part. */
const facts: ExportFacts = {
  depth: 8,
  z: 4,
  pixels: 100,
  predicted: (z) => z < 3,
  reviewed: (z) => [0, 0, 0, 100, 99][z] ?? 0,
  labelled: true,
  canSegment: true,
  hasStack: true,
};

describe('what an export would write', () => {
  it('has gaps where neither a model nor a person has been through', () => {
    expect(exportPlan(form, facts)).toEqual({
      slices: [0, 1, 2, 3, 4, 5, 6, 7],
      gaps: [4, 5, 6, 7],
      written: 8,
      problem: null,
    });
    expect(exportPlan({ ...form, what: 'probability' }, facts).gaps).toEqual([3, 4, 5, 6, 7]);
    expect(exportPlan({ ...form, what: 'classes' }, facts).gaps).toEqual([]);
    expect(exportPlan({ ...form, missing: 'leave-out' }, facts).written).toBe(4);
  });

  it('needs a prediction everywhere for a class beside membrane, whatever was confirmed', () => {
    expect(exportPlan({ ...form, of: 'mitochondria' }, facts).gaps).toEqual([3, 4, 5, 6, 7]);
    const all = { ...form, what: 'classes', of: 'mitochondria' } as const;
    expect(exportPlan(all, facts).gaps).toEqual([]);
  });

  it('is of the slices chosen, which count from 1', () => {
    const slices = (change: Partial<ExportForm>) =>
      exportPlan({ ...form, ...change }, facts).slices;
    expect(slices({ which: 'current' })).toEqual([4]);
    expect(slices({ which: 'some', range: '1-2, 8' })).toEqual([0, 1, 7]);
  });

  it('says why it can’t be done', () => {
    const problem = (change: Partial<ExportForm>, other: Partial<ExportFacts> = {}) =>
      exportPlan({ ...form, ...change }, { ...facts, ...other }).problem;
    expect(problem({ which: 'some', range: '0-2' })).toMatch(/It has slices 1-8/);
    expect(problem({ which: 'some', range: 'all' })).toMatch(/not a range/);
    expect(problem({ which: 'some', range: '5', missing: 'leave-out' })).toMatch(/nothing is left/);
    expect(problem({}, { canSegment: false })).toMatch(/no model/);
    expect(problem({ which: 'some', range: '1-4' }, { canSegment: false })).toBeNull();
    expect(problem({ what: 'classes' }, { labelled: false })).toMatch(/Nobody has painted/);
    const zarr = { format: 'ome-zarr-0.5', which: 'some', range: '1-4' } as const;
    expect(problem(zarr, { hasStack: false })).toMatch(/takes the stack along/);
    expect(problem(zarr)).toBeNull();
  });
});

it('the values of classes have the names that the user gave', () => {
  const own = { id: 5, name: 'mitochondrion', colour: '#56b4e9', key: 3, locked: false };
  expect(valueRows({ what: 'classes', of: 'mitochondrion', values: '0/255' }, [own])).toEqual([
    { value: '0', name: 'nobody has looked' },
    { value: '5', name: 'mitochondrion' },
    { value: '127', name: 'void' },
  ]);
});

it('a mask of a class says so in its values and its name, which any file system takes', () => {
  const of = 'mito/chondria: dark';
  const rows = valueRows({ what: 'mask', of, values: '0/1' }, []);
  expect(rows).toEqual([
    { value: '0', name: `not ${of}` },
    { value: '1', name: of },
  ]);
  const format = 'tiff' as const;
  expect(fileName('Larva', { what: 'mask', of, format })).toBe('Larva-mito-chondria-dark-mask.tif');
  expect(fileName('Larva', { what: 'mask', of: null, format })).toBe('Larva-mask.tif');
  expect(fileName('Larva', { what: 'review', of, format })).toBe('Larva-review.tif');
  const zarr = { what: 'mask', of: null, format: 'ome-zarr-0.5' } as const;
  expect(fileName('Larva', zarr)).toBe('Larva-mask.ome.zarr');
});
