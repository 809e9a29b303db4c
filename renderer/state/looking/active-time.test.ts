import { describe, expect, it } from 'vitest';
import { ActiveTime } from './active-time';

describe('the time at the canvas', () => {
  it('is that between inputs, without the breaks', () => {
    const time = new ActiveTime();
    // Work of 30 s, lunch, and 21 s of a telephone call with one look at the screen.
    for (const second of [0, 10, 11, 30, 3600, 3605, 3626]) time.input(second * 1000);
    expect(time.seconds).toBe(35);
  });

  it('is told once', () => {
    const time = new ActiveTime();
    for (const second of [0, 4]) time.input(second * 1000);
    expect(time.take()).toBe(4);
    expect(time.take()).toBe(0);
    time.input(9000);
    expect(time.take()).toBe(5);
    expect(time.seconds).toBe(9);
  });

  it('begins with the first input in a project', () => {
    const time = new ActiveTime();
    for (const second of [0, 4]) time.input(second * 1000);
    time.leave();
    time.input(10_000);
    expect(time.take()).toBe(0);
  });
});
