import { describe, expect, it } from 'vitest';
import type { ModelFile } from './model-file';
import type { StoredModel } from './model-store';
import { roundStart } from './round-start';

function version(
  id: string,
  parent: string | null,
  origin: ModelFile['origin'],
  baseFilters = 8,
): StoredModel {
  const file = { id, parent, origin, baseFilters, parameters: baseFilters * 100 };
  return { folder: id, file: file as unknown as ModelFile };
}

const bundled = version('bundled', null, 'bundled');
const fitted = version('fitted', 'bundled', 'fitted');
const second = version('second', 'fitted', 'retrained');
const third = version('third', 'second', 'retrained');
const all = [bundled, fitted, second, third];

describe('what a round of corrections trains from', () => {
  it('is the version that saw neither corrections nor the look of the stack', () => {
    expect(roundStart(third, all, true).folder).toBe('bundled');
    expect(roundStart(fitted, all, true).folder).toBe('bundled');
    expect(roundStart(bundled, all, true).folder).toBe('bundled');
    const own = version('own', 'bundled', 'trained');
    const next = version('next', 'own', 'retrained');
    expect(roundStart(next, [...all, own, next], true).folder).toBe('own');
  });

  it('is the version in use where corrections have no room, the ancestor is gone or another network', () => {
    expect(roundStart(third, all, false).folder).toBe('third');
    expect(roundStart(third, [second, third], true).folder).toBe('third');
    const wide = version('bundled', null, 'bundled', 16);
    expect(roundStart(third, [wide, fitted, second, third], true).folder).toBe('third');
  });
});
