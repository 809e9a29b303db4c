import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SavedView } from './saved-view';

type View = Parameters<SavedView['soon']>[0];
const at = (z: number): View => ({ z, zoom: null, centre: null, window: null, threshold: null });

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

  it('is saved once the view is at rest', () => {
    saved.soon(at(1));
    vi.advanceTimersByTime(400);
    saved.soon(at(2));
    vi.advanceTimersByTime(400);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(sent).toEqual([2]);
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
