import { describe, expect, it } from 'vitest';
import { WheelReader, type WheelTurn } from './wheel';

const turn = (changes: Partial<WheelTurn>): WheelTurn => ({
  ...{ deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, ctrlKey: false, metaKey: false },
  ...changes,
});

describe('the wheel', () => {
  it('goes one slice a notch, whatever the mouse calls a notch', () => {
    const wheel = new WheelReader();
    for (const deltaY of [100, 120, 240])
      expect(wheel.read(turn({ deltaY }), 'slices')).toEqual({ kind: 'slices', steps: 1 });
    expect(wheel.read(turn({ deltaY: -6, deltaMode: 1 }), 'slices')).toEqual({
      kind: 'slices',
      steps: -1,
    });
  });

  it('adds up the small steps of a touch pad', () => {
    const wheel = new WheelReader();
    const steps = Array.from({ length: 20 }, () => wheel.read(turn({ deltaY: 10 }), 'slices'));
    expect(steps.filter(({ kind }) => kind === 'slices')).toHaveLength(4);
  });

  it('zooms with Ctrl or Cmd: in and out are inverse, a pinch is felt', () => {
    const wheel = new WheelReader();
    const factor = (changes: Partial<WheelTurn>): number => {
      const meaning = wheel.read(turn(changes), 'slices');
      return meaning.kind === 'zoom' ? meaning.factor : NaN;
    };
    expect(factor({ deltaY: -100, ctrlKey: true })).toBeGreaterThan(1.15);
    expect(
      factor({ deltaY: -100, ctrlKey: true }) * factor({ deltaY: 100, metaKey: true }),
    ).toBeCloseTo(1);
    expect(factor({ deltaY: -5, ctrlKey: true })).toBeGreaterThan(1.04);
  });

  it('zooms without and changes slices with Ctrl when the setting swaps them', () => {
    const wheel = new WheelReader();
    expect(wheel.read(turn({ deltaY: 100 }), 'zoom').kind).toBe('zoom');
    expect(wheel.read(turn({ deltaY: 100, ctrlKey: true }), 'zoom').kind).toBe('slices');
  });

  it('sizes the brush with Shift, also where the system turns the wheel sideways', () => {
    const wheel = new WheelReader();
    const larger = wheel.read(turn({ deltaX: -120, shiftKey: true }), 'slices');
    expect(larger.kind === 'brush' && larger.factor > 1).toBe(true);
    const smaller = wheel.read(turn({ deltaY: 120, shiftKey: true }), 'slices');
    expect(smaller.kind === 'brush' && smaller.factor < 1).toBe(true);
  });
});
