import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { oldSlices, shownPrediction } from './shown-prediction';
import { sampleModel } from '../testing/sample-project';

const id = (name: string): ModelId => ModelId.parse(name);
const version = (name: string, change: Partial<ModelVersion>): ModelVersion =>
  sampleModel({ id: id(name), origin: 'retrained', ...change });
const models = [
  version('general', { origin: 'bundled', created: '2026-01-01' }),
  version('other', { origin: 'bundled', created: '2026-01-02' }),
  version('g2', { parent: id('general'), created: '2026-02-01' }),
  version('g3', { parent: id('g2'), created: '2026-02-02' }),
  version('aside', {
    ...{ parent: id('g3'), created: '2026-02-03' },
    status: { kind: 'kept-aside', reason: 'worse' },
  }),
  version('mine', { origin: 'trained', created: '2026-02-04' }),
];

describe('the prediction that a slice shows', () => {
  const shown = (current: string | null, ...predicted: string[]): string | null =>
    shownPrediction(current === null ? null : id(current), models, (model) =>
      predicted.includes(model),
    );

  it('is that of the version in use, else of the nearest one it comes from', () => {
    expect(shown('g3', 'general', 'g3')).toBe('g3');
    expect(shown('g3', 'general', 'g2')).toBe('g2');
    expect(shown('g3', 'general', 'other')).toBe('general');
  });

  it('of a version that was trained anew is that of the newest before it, kept aside or later ones never', () => {
    expect(shown('mine', 'general', 'g3', 'aside')).toBe('g3');
    expect(shown('mine', 'aside')).toBeNull();
    expect(shown('g2', 'g3', 'mine')).toBeNull();
  });

  it('of a bundled version chosen by hand is its own alone', () => {
    expect(shown('other', 'general', 'g3')).toBeNull();
    expect(shown(null, 'general')).toBeNull();
  });

  it('does not go round in a circle that a damaged card describes', () => {
    const circle = [
      version('general', { parent: id('g2') }),
      version('g2', { parent: id('general') }),
    ];
    expect(shownPrediction(id('general'), circle, () => false)).toBeNull();
  });
});

it('old slices are done again from the one in view outwards', () => {
  expect(oldSlices(8, 4, (z) => z !== 3 && z !== 4)).toEqual([5, 2, 6, 1, 7, 0]);
  expect(oldSlices(8, 0, (z) => z > 5)).toEqual([6, 7]);
});
