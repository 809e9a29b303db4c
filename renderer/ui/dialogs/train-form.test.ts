import { describe, expect, it } from 'vitest';
import type { Grant } from '#contract/entities';
import { GrantId } from '#contract/ids';
import { problemsOf, startForm, trainInput, type TrainForm } from './train-form';

const grant = (id: string, kind: Grant['kind']): Grant => ({
  id: GrantId.parse(id),
  name: `${id}.tif`,
  kind,
});

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
    suggestedTrain: '0-19',
    suggestedValidate: '20-23',
  },
  membrane: 0,
  train: '0-19',
  validate: '20-23',
  name: ' tissue ',
};

describe('training from labels', () => {
  it('starts with what was entered', () => {
    expect(problemsOf(filled)).toEqual({});
    expect(trainInput(filled)).toMatchObject({
      image: 'image',
      membrane: 0,
      train: '0-19',
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
    ['train', { train: '0-99' }],
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

  it('refuses to score a model on slices it trained on, and names them', () => {
    expect(problemsOf({ ...filled, validate: '18-23' }).validate).toContain('18-19');
  });
});
