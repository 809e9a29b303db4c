import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SavedView } from './saved-view';

type View = Parameters<SavedView['soon']>[0];
const at = (z: number): View => ({
  z,
  zoom: null,
  centre: null,
  window: null,
  threshold: null,
  mask: { kind: 'model' },
});

describe('where the user looks', () => {
  let sent: number[];
  let saved: SavedView;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    saved = new SavedView(({ z }) => {
      sent.push(z);
      return Promise.resolve(null);
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is saved a moment after a change, the newest of those that came meanwhile', () => {
    saved.soon(at(1));
    vi.advanceTimersByTime(150);
    saved.soon(at(2));
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([2]);
    vi.advanceTimersByTime(2000);
    expect(sent).toEqual([2]);
  });

  it('is saved while the slices turn without a rest, so that a kill finds where one was', () => {
    for (let z = 0; z < 50; z += 1) {
      saved.soon(at(z));
      vi.advanceTimersByTime(50);
    }
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.length).toBeLessThan(15);
    expect(49 - (sent.at(-1) ?? 0)).toBeLessThan(5);
  });

  it('is saved at once, and not again, when the project or the window is left', async () => {
    saved.soon(at(3));
    await saved.flush();
    expect(sent).toEqual([3]);
    vi.advanceTimersByTime(2000);
    await saved.flush();
    expect(sent).toEqual([3]);
  });

  it('is not saved into whatever opens next', () => {
    saved.soon(at(4));
    saved.forget();
    vi.advanceTimersByTime(2000);
    expect(sent).toEqual([]);
  });

  it('may fail without a word', async () => {
    const failing = new SavedView(() => Promise.reject(new Error('read-only')));
    failing.soon(at(5));
    await expect(failing.flush()).resolves.toBeUndefined();
  });
});
