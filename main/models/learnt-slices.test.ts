import { describe, expect, it } from 'vitest';
import { learntSlices } from './learnt-slices';
import type { ModelFile } from './model-file';

function version(
  id: string,
  parent: string | null,
  origin: ModelFile['origin'],
  data: readonly (readonly [fingerprint: string, slices: string])[],
): ModelFile {
  const named = data.map(([fingerprint, slices]) => ({ name: 'x', fingerprint, slices }));
  return { id, parent, origin, training: { data: named } } as unknown as ModelFile;
}

const first = version('a', null, 'trained', [
  ['mine', '0-3,9'],
  ['other', '20-23'],
]);
const second = version('b', 'a', 'retrained', [['labels', '5']]);
const all = [first, second, version('c', 'b', 'retrained', [['labels', '7']])];

describe('what a version has learnt from', () => {
  it('counts its line: the same file, and the corrections of the project', () => {
    const mine = { fingerprint: 'mine', ofProject: true };
    expect([...learntSlices(second, all, mine)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 5, 9]);
    expect([...learntSlices(second, all, { fingerprint: 'other', ofProject: false })]).toEqual([
      20, 21, 22, 23,
    ]);
  });

  it('takes no harm from a card that says nonsense', () => {
    const odd = version('o', 'o', 'imported', [
      ['mine', '9-0'],
      ['mine', 'all of them'],
      ['mine', ''],
      ['mine', '4'],
    ]);
    expect([...learntSlices(odd, [odd], { fingerprint: 'mine', ofProject: true })]).toEqual([4]);
  });
});
