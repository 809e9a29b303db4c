import { isSettled } from '../labels/outbox';
import type { PaintingState } from './painting.svelte';

/** Main asks what to do with strokes that are not saved by then; a close later on would come out of the blue. */
const HOLD_MS = 2500;

/** Keeps the window open until its last strokes are on disk, which takes milliseconds, then closes it. */
export function holdClosing(target: Window, painting: PaintingState): () => void {
  let holding = false;
  const hold = (event: BeforeUnloadEvent): void => {
    const { session } = painting;
    if (session === null || isSettled(session.saved)) return;
    event.preventDefault();
    if (holding) return;
    holding = true;
    const late = setTimeout(() => {
      holding = false;
    }, HOLD_MS);
    session.retryNow();
    void session.flushed().then(() => {
      clearTimeout(late);
      if (holding) target.close();
      holding = false;
    });
  };
  target.addEventListener('beforeunload', hold);
  return () => {
    target.removeEventListener('beforeunload', hold);
  };
}
