import { draggedOf, dropTargets, type DragState, type DropTarget } from '../state/drag.svelte';

function targetUnder(event: DragEvent): DropTarget {
  const zone = event.target instanceof Element ? event.target.closest('[data-drop]') : null;
  const name = zone?.getAttribute('data-drop');
  return dropTargets.find((target) => target === name) ?? 'open';
}

/**
 * Follows what is dragged over the window, and says no where nothing can be
 * dropped; the preload hands dropped files to main. `closed` = a dialog has the
 * window. Returns the disposer.
 */
export function watchDrag(target: Window, drag: DragState, closed: () => boolean): () => void {
  const stop = new AbortController();
  const listen = (name: keyof WindowEventMap, hear: (event: DragEvent) => void): void => {
    target.addEventListener(
      name,
      (event) => {
        if (event instanceof DragEvent) hear(event);
      },
      { signal: stop.signal },
    );
  };
  let depth = 0;
  /** Dragged from the window itself, as a marked text. */
  let own = false;
  listen('dragstart', () => {
    own = true;
  });
  listen('dragend', () => {
    own = false;
  });
  listen('dragenter', ({ dataTransfer }) => {
    depth += 1;
    if (own || closed() || !dataTransfer) return;
    drag.over = draggedOf(dataTransfer.types, [...dataTransfer.items]);
  });
  listen('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) drag.end();
  });
  listen('dragover', (event) => {
    event.preventDefault();
    const fits = drag.over?.kind === 'files' && !closed();
    if (event.dataTransfer) event.dataTransfer.dropEffect = fits ? 'copy' : 'none';
    if (fits) drag.target = targetUnder(event);
  });
  listen('drop', (event) => {
    event.preventDefault();
    depth = 0;
    drag.drop();
  });
  return () => {
    stop.abort();
  };
}
