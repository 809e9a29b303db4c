import { describe, expect, it } from 'vitest';
import { MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { MemoryDisk } from './memory-disk';
import { everywhere } from './paint-mode';
import { areaOfRect } from './pixel-area';
import { continuesStep, sliceSpanName } from './slice-span-step';

const slice = { x: 0, y: 0, width: 64, height: 64 };
const area = areaOfRect({ x: 10, y: 10, width: 20, height: 20 }, 64, 64);

describe('a step over several slices', () => {
  it('is undone and done again as one, on all its slices', async () => {
    const disk = new MemoryDisk();
    const session = disk.session(64, 64);
    for (const z of [0, 1, 2, 3, 4]) await session.load(z, slice);
    session.paint(0, 'Brush', area, MEMBRANE, everywhere);
    const name = sliceSpanName('Interpolate', 1, 3);
    for (const z of [1, 2, 3]) session.paint(z, name, area, MEMBRANE, everywhere);
    session.paint(4, 'Brush', area, MEMBRANE, everywhere);
    const painted = (): boolean[] =>
      [0, 1, 2, 3, 4].map((z) => session.tiles.labelAt(z, 15, 15) !== UNTOUCHED);
    session.undo();
    expect(session.undoName).toBe('Interpolate slices 2–4');
    session.undo();
    expect(painted()).toEqual([true, false, false, false, false]);
    expect([session.undoName, session.redoName]).toEqual(['Brush', name]);
    session.redo();
    expect(painted()).toEqual([true, true, true, true, false]);
    session.redo();
    expect([painted(), session.redoName]).toEqual([[true, true, true, true, true], null]);
  });

  it('takes only its own parts along', () => {
    const name = sliceSpanName('Interpolate', 1, 3);
    expect(continuesStep(name, name)).toBe(true);
    expect(continuesStep(name, sliceSpanName('Interpolate', 5, 7))).toBe(false);
    expect(continuesStep('Brush', 'Brush')).toBe(false);
    expect(continuesStep(name, null)).toBe(false);
  });
});
