import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { lineOf, newestLine, ownVersions, versionTree } from './version-tree';

type Node = Pick<ModelVersion, 'id' | 'parent' | 'origin' | 'created'>;

function node(id: string, parent: string | null, minute: number, origin: Node['origin']): Node {
  return {
    id: ModelId.parse(id),
    parent: parent === null ? null : ModelId.parse(parent),
    origin,
    created: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  };
}

const general = node('general', null, 0, 'bundled');
const unused = node('isbi', null, 1, 'bundled');
const second = node('g2', 'general', 2, 'retrained');
const aside = node('g3', 'g2', 3, 'retrained');
const fitted = node('fit', 'general', 4, 'fitted');
const newest = node('g4', 'g2', 5, 'retrained');
const all = [general, unused, second, aside, fitted, newest];

describe('the tree of versions', () => {
  it('tells of the project’s own versions and of those they come from', () => {
    expect(ownVersions(all, second.id).map(({ id }) => id)).toEqual([
      'general',
      'g2',
      'g3',
      'fit',
      'g4',
    ]);
    expect(ownVersions([general, unused], unused.id)).toEqual([unused]);
    expect(lineOf(all, newest.id)).toEqual([general, second, newest]);
    // Whoever went back to the second still sees what came of it.
    expect(newestLine(all, second.id)).toEqual([general, second, newest]);
    expect(newestLine(all, aside.id)).toEqual([general, second, aside]);
    expect(newestLine(all, null)).toEqual([]);
  });

  it('gives every branch a lane of its own that ends at the version it came from', () => {
    expect(versionTree([general, second, aside, fitted, newest])).toEqual([
      { version: newest, lane: 0, up: false, down: true, joins: [], past: [] },
      { version: fitted, lane: 1, up: false, down: true, joins: [], past: [0] },
      { version: aside, lane: 2, up: false, down: true, joins: [], past: [0, 1] },
      { version: second, lane: 0, up: true, down: true, joins: [2], past: [1] },
      { version: general, lane: 0, up: true, down: false, joins: [1], past: [] },
    ]);
  });

  it('puts what came from a version above it, whatever the clocks said, and stands a ring and a lost parent', () => {
    const late = node('late', 'g2', 1, 'retrained');
    const order = versionTree([general, second, late]).map(({ version }) => version.id);
    expect(order).toEqual(['late', 'g2', 'general']);
    const [one, two] = [node('a', 'b', 1, 'retrained'), node('b', 'a', 2, 'retrained')];
    expect(versionTree([one, two])).toHaveLength(2);
    expect(versionTree([node('a', 'gone', 1, 'imported')])).toMatchObject([
      { lane: 0, up: false, down: false },
    ]);
  });
});
