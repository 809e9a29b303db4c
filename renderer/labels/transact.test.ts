import { describe, expect, it } from 'vitest';
import { MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { MemoryDisk } from './memory-disk';
import { everywhere } from './paint-mode';
import { areaOfRect } from './pixel-area';

const slice = { x: 0, y: 0, width: 64, height: 64 };
const area = areaOfRect({ x: 10, y: 10, width: 20, height: 20 }, 64, 64);

describe('edits made together', () => {
  it('are undone and done again as one step, on all their slices', async () => {
    const session = new MemoryDisk().session(64, 64);
    for (const z of [0, 1, 2, 3, 4]) await session.load(z, slice);
    session.paint(0, 'Brush', area, MEMBRANE, everywhere);
    for (let twice = 0; twice < 2; twice += 1)
      session.transact(() => {
        for (const z of [1, 2, 3])
          session.paint(z, 'Interpolate', area, MEMBRANE - twice, everywhere);
      });
    session.paint(4, 'Brush', area, MEMBRANE, everywhere);
    const painted = (): (number | undefined)[] =>
      [0, 1, 2, 3, 4].map((z) => session.tiles.labelAt(z, 15, 15));
    session.undo();
    expect([session.undoName, painted()]).toEqual(['Interpolate', [2, 1, 1, 1, UNTOUCHED]]);
    session.undo();
    expect([session.undoName, painted()]).toEqual(['Interpolate', [2, 2, 2, 2, UNTOUCHED]]);
    session.undo();
    expect([session.undoName, painted()]).toEqual(['Brush', [2, 0, 0, 0, UNTOUCHED]]);
    session.redo();
    session.redo();
    expect(painted()).toEqual([2, 1, 1, 1, UNTOUCHED]);
    session.redo();
    expect([painted(), session.redoName]).toEqual([[2, 1, 1, 1, MEMBRANE], null]);
  });
});
