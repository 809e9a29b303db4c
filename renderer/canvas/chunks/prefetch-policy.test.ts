import { describe, expect, it } from 'vitest';
import { SlicePace } from './prefetch-policy';

describe('going through a stack', () => {
  it('is no rush with one turn after a rest, nor at the start', () => {
    const pace = new SlicePace();
    pace.see(3, 0);
    expect(pace.rushing).toBe(false);
    pace.see(4, 1000);
    expect(pace.rushing).toBe(false);
  });

  it('is a rush while slices follow each other, and ends with a rest', () => {
    const pace = new SlicePace();
    pace.see(0, 0);
    pace.see(1, 1000);
    pace.see(2, 1033);
    expect(pace.rushing).toBe(true);
    pace.see(2, 1040);
    expect(pace.rushing).toBe(true);
    pace.see(2, 1033 + SlicePace.rest);
    expect(pace.rushing).toBe(false);
  });

  it('is a rush where turns gather, however long slices take, and leads where they do', () => {
    const pace = new SlicePace();
    pace.see(0, 0);
    pace.see(1, 1000, { ahead: [3, 5], hurried: true });
    expect(pace.rushing).toBe(true);
    expect(pace.neighboursOf(1)).toEqual({ near: [3, 5], far: [] });
    pace.see(1, 1500, { ahead: [3, 5], hurried: true });
    expect(pace.rushing).toBe(true);
    pace.see(1, 1600, { ahead: [3], hurried: false });
    expect(pace.rushing).toBe(false);
  });

  it('leads the way of the last turn first, and in a rush no other', () => {
    const pace = new SlicePace();
    pace.see(5, 0);
    expect(pace.neighboursOf(5)).toEqual({ near: [6, 4], far: [7, 3] });
    pace.see(4, 500);
    pace.see(4, 600);
    expect(pace.neighboursOf(4)).toEqual({ near: [3, 5], far: [2, 6] });
    pace.see(3, 620);
    pace.see(2, 640);
    expect(pace.neighboursOf(2)).toEqual({ near: [1], far: [] });
  });
});
