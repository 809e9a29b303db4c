import { describe, expect, it } from 'vitest';
import { PlanesState, stretchOf } from './planes.svelte';
import { sampleView } from '../testing/sample-project';
import { ViewState } from './view.svelte';

const extent = { width: 100, height: 60, depth: 4 };

function begin(saved: Parameters<typeof sampleView>[0] = {}): {
  view: ViewState;
  planes: PlanesState;
} {
  const view = new ViewState();
  const planes = new PlanesState(view);
  view.start(sampleView(saved), extent.depth);
  planes.start(sampleView(saved), extent);
  return { view, planes };
}

describe('planes', () => {
  it('of a project from before are slices alone, with the point in the middle of the stack', () => {
    const { planes } = begin();
    expect([planes.layout, planes.crossing, planes.active]).toEqual(['xy', false, 'xy']);
    expect(planes.point).toEqual({ x: 50, y: 30, z: 0 });
  });

  it('come back as they were left, and never outside of the stack', () => {
    const { planes } = begin({ z: 2, planes: { layout: 'four', x: 7, y: 999 } });
    expect(planes.layout).toBe('four');
    expect(planes.point).toEqual({ x: 7, y: 59, z: 2 });
  });

  it('follow each other on one key: alone, or from pane to pane', () => {
    const { planes } = begin();
    const seen = [0, 1, 2].map(() => {
      planes.next();
      return planes.layout;
    });
    expect(seen).toEqual(['xz', 'yz', 'xy']);
    planes.show('four');
    const keys = [0, 1, 2].map(() => {
      planes.next();
      return planes.active;
    });
    expect([planes.layout, ...keys]).toEqual(['four', 'xz', 'yz', 'xy']);
  });

  it('cross in one point: turning one moves the others’', () => {
    const { view, planes } = begin();
    planes.show('four');
    planes.goTo('xz', 12);
    planes.goTo('yz', -3);
    planes.moveTo({ z: 3.7 });
    expect([planes.index('xz'), planes.index('yz'), view.z]).toEqual([12, 0, 3]);
    expect([planes.count('xz'), planes.count('yz')]).toEqual([60, 100]);
  });

  it('cut what is in sight of the slice when they come into view', () => {
    const { view, planes } = begin();
    const sight = { x: 80, y: 10, width: 10, height: 6 };
    view.picture = { sight: () => sight } as unknown as NonNullable<typeof view.picture>;
    planes.show('xz');
    expect(planes.point).toMatchObject({ x: 85, y: 13 });
    planes.show('xy');
    planes.moveTo({ x: 81, y: 15 });
    planes.show('four');
    expect(planes.point).toMatchObject({ x: 81, y: 15 });
  });

  it('go to what an undo has changed, only where they don’t cut it already', () => {
    const { planes } = begin();
    planes.show('xz');
    planes.bring({ x: 10, y: 20, width: 4, height: 10 });
    expect(planes.point).toMatchObject({ x: 50, y: 25 });
    planes.bring({ x: 10, y: 20, width: 4, height: 10 });
    expect(planes.index('xz')).toBe(25);
  });

  it('are as thick as the slices are, and cubes where nobody knows', () => {
    const size = { x: 8, y: 4, z: 40, source: 'file' } as const;
    expect([stretchOf('xz', size), stretchOf('yz', size)]).toEqual([
      { x: 1, y: 5 },
      { x: 10, y: 1 },
    ]);
    for (const unknown of [null, { ...size, z: null }, { ...size, x: null, y: null }])
      expect(stretchOf('xz', unknown)).toEqual({ x: 1, y: 1 });
  });
});
