import { describe, expect, it } from 'vitest';
import type { ModelFile } from './model-file';
import type { StoredModel } from './model-store';
import { roundStart } from './round-start';

function version(
  id: string,
  parent: string | null,
  origin: ModelFile['origin'],
  baseFilters = 8,
  nm = 4,
): StoredModel {
  const pixelSize = { x: nm, y: nm, unit: 'nm' };
  const file = { id, parent, origin, baseFilters, parameters: baseFilters * 100, pixelSize };
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

  it('is the version in use where corrections have no room, the ancestor is gone, another network or of other pixels', () => {
    expect(roundStart(third, all, false).folder).toBe('third');
    expect(roundStart(third, [second, third], true).folder).toBe('third');
    const wide = version('bundled', null, 'bundled', 16);
    expect(roundStart(third, [wide, fitted, second, third], true).folder).toBe('third');
    const coarse = version('bundled', null, 'bundled', 8, 12);
    expect(roundStart(third, [coarse, fitted, second, third], true).folder).toBe('third');
  });

  it('is the version in use where cards name each other as parents', () => {
    const egg = version('egg', 'hen', 'retrained');
    const hen = version('hen', 'egg', 'fitted');
    expect(roundStart(egg, [egg, hen], true).folder).toBe('egg');
  });
});
