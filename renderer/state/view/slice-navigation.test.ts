import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ViewState } from './view.svelte';
import { sampleView } from '../testing/sample-project';

describe('turning slices', () => {
  let view: ViewState;
  beforeEach(() => {
    vi.useFakeTimers();
    view = new ViewState();
    view.start(sampleView({ z: 0 }), 50);
    view.cameUp(0);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('goes at once from a slice that has come up', () => {
    view.turnBy(1);
    expect(view.z).toBe(1);
  });

  it('gathers turns while a slice is on its way, and makes them when it is there', () => {
    view.turnBy(1);
    view.turnBy(1);
    view.turnBy(1);
    expect(view.z).toBe(1);
    view.cameUp(0);
    expect(view.z).toBe(1);
    view.cameUp(1);
    expect(view.z).toBe(2);
    view.cameUp(2);
    expect(view.z).toBe(3);
    view.cameUp(3);
    expect(view.z).toBe(3);
  });

  it('tells which slice comes next, and makes turns that went beyond it by way of it', () => {
    view.turnBy(1);
    expect([view.ahead, view.hurried]).toEqual([[2], false]);
    for (let i = 0; i < 4; i += 1) view.turnBy(1);
    view.cameUp(1);
    expect([view.z, view.ahead, view.hurried]).toEqual([2, [6, 7], true]);
    view.turnBy(1);
    view.turnBy(1);
    view.cameUp(2);
    // Seven is on its way already; the next one lies two turns beyond the last.
    expect([view.z, view.ahead, view.hurried]).toEqual([6, [7, 9], true]);
    view.cameUp(6);
    expect([view.z, view.hurried]).toEqual([7, false]);
    view.turnBy(-1);
    view.cameUp(7);
    expect([view.z, view.ahead]).toEqual([6, [5]]);
  });

  it('comes to the last slice where the one on the way does not come up', () => {
    view.turnBy(1);
    for (let i = 0; i < 4; i += 1) view.turnBy(1);
    view.cameUp(1);
    expect(view.z).toBe(2);
    vi.advanceTimersByTime(300);
    expect(view.z).toBe(5);
  });

  it('expects no slice beyond the ends of the stack', () => {
    view.goTo(48);
    view.cameUp(48);
    view.turnBy(1);
    expect([view.z, view.ahead]).toEqual([49, []]);
  });

  it('does not wait for a slice that does not come up', () => {
    view.turnBy(1);
    view.turnBy(4);
    vi.advanceTimersByTime(299);
    expect(view.z).toBe(1);
    vi.advanceTimersByTime(1);
    expect(view.z).toBe(5);
  });

  it('keeps within the stack, however many turns have gathered', () => {
    view.turnBy(1);
    view.turnBy(90);
    view.turnBy(-1);
    view.cameUp(1);
    expect(view.z).toBe(48);
    view.turnTo(-7);
    view.cameUp(48);
    expect(view.z).toBe(0);
  });

  it('comes to an end where somebody goes elsewhere, presses, or runs a command', () => {
    view.turnBy(1);
    view.turnBy(1);
    view.goTo(20);
    view.cameUp(20);
    expect(view.z).toBe(20);
    view.turnBy(1);
    view.turnBy(1);
    view.stay();
    view.cameUp(21);
    expect(view.z).toBe(21);
    view.turnBy(1);
    view.turnBy(1);
    view.arrive();
    expect(view.z).toBe(23);
  });

  it('forgets what waited when another stack opens', () => {
    view.turnBy(1);
    view.turnBy(1);
    view.start(sampleView({ z: 7 }), 50);
    vi.advanceTimersByTime(1000);
    expect(view.z).toBe(7);
  });
});
