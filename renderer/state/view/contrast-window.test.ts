import { describe, expect, it } from 'vitest';
import { automaticWindow, steadyWindow } from './contrast-window';

describe('automatic contrast', () => {
  const noTissue = { areas: [], note: '' };
  const statistics = { min: 0, max: 255, low: 40, high: 200, mean: 120, bins: [], noTissue };

  it('leaves out half a percent at both ends', () => {
    expect(automaticWindow(statistics)).toEqual({ min: 40, max: 200 });
  });

  it('shows a slice of hardly more than one value', () => {
    const flat = { min: 7, max: 7, low: 7, high: 7, mean: 7, bins: [], noTissue };
    expect(automaticWindow(flat)).toEqual({ min: 7, max: 8 });
  });

  it('stays as it is on a slice that hardly differs', () => {
    const shown = { min: 40, max: 200 };
    expect(steadyWindow(shown, { min: 42, max: 203 })).toBe(shown);
    expect(steadyWindow(shown, { min: 40, max: 210 })).toEqual({ min: 40, max: 210 });
    expect(steadyWindow(null, shown)).toBe(shown);
  });
});
