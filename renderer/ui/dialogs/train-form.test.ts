import { describe, expect, it } from 'vitest';
import type { Grant } from '#contract/entities';
import { GrantId } from '#contract/ids';
import { problemsOf, startForm, trainInput, type TrainForm } from './train-form';

const grant = (id: string, kind: Grant['kind']): Grant => ({
  id: GrantId.parse(id),
  name: `${id}.tif`,
  kind,
});

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

const filled: TrainForm = {
  ...startForm,
  image: grant('image', 'stack'),
  labels: grant('labels', 'labels'),
  summary: {
    width: 512,
    height: 512,
    depth: 24,
    values: [
      { value: 0, fraction: 0.22, colour: null },
      { value: 255, fraction: 0.78, colour: null },
    ],
    notes: [],
    suggestedMembrane: 0,
    suggestedTrain: range(0, 20),
    suggestedValidate: range(20, 24),
  },
  membrane: 0,
  train: '1-20',
  validate: '21-24',
  name: ' tissue ',
};

describe('training from labels', () => {
  it('starts with what was entered', () => {
    expect(problemsOf(filled)).toEqual({});
    expect(trainInput(filled)).toMatchObject({
      image: 'image',
      membrane: 0,
      train: range(0, 20),
      validate: range(20, 24),
      budget: { kind: 'steps', steps: 600 },
      name: 'tissue',
    });
    expect(trainInput({ ...filled, limit: 'minutes' })?.budget).toEqual({
      kind: 'minutes',
      minutes: 10,
    });
  });

  it.each([
    ['data', { labels: null }],
    ['membrane', { membrane: null }],
    ['train', { train: '' }],
    ['train', { train: '0-3' }],
    ['train', { train: '1-25' }],
    ['validate', { validate: 'last' }],
    ['budget', { steps: 0 }],
    ['budget', { steps: null }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['name', { name: '  ' }],
  ] as const)('names the problem with %s in %o', (field, change) => {
    const form = { ...filled, ...change };
    expect(Object.keys(problemsOf(form))).toEqual([field]);
    expect(trainInput(form)).toBeNull();
  });

  it('takes no validation slices as that, and says what the first and last slice are called', () => {
    expect(trainInput({ ...filled, validate: ' ' })).toMatchObject({ validate: [] });
    expect(problemsOf({ ...filled, train: '0-3' }).train).toContain('It has slices 1-24.');
  });

  it('refuses to score a model on slices it trained on, and names them', () => {
    expect(problemsOf({ ...filled, validate: '19-24' }).validate).toContain('19-20');
  });
});
