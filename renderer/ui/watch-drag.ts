import { draggedOf, type DragState } from '../state/view/drag.svelte';
import { dropTargets, type DropTarget } from '../strings/drop-strings';

function targetUnder(event: DragEvent): DropTarget {
  const zone = event.target instanceof Element ? event.target.closest('[data-drop]') : null;
  const name = zone?.getAttribute('data-drop');
  return dropTargets.find((target) => target === name) ?? 'open';
}

/** A drag tells of itself several times a second; one that is silent this long is over. */
const SILENT_MS = 3000;

/**
 * Follows what is dragged over the window, and says no where nothing can be
 * dropped; the preload hands dropped files to main. `closed` = a dialog has the
 * window. Returns the disposer.
 */
export function watchDrag(target: Window, drag: DragState, closed: () => boolean): () => void {
  const stop = new AbortController();
  const listen = (name: keyof WindowEventMap, handle: (event: DragEvent) => void): void => {
    target.addEventListener(
      name,
      (event) => {
        if (event instanceof DragEvent) handle(event);
      },
      { signal: stop.signal },
    );
  };
  /** Dragged from the window itself, as a marked text. */
  let own = false;
  listen('dragstart', () => {
    own = true;
  });
  listen('dragend', () => {
    own = false;
  });
  let silence: ReturnType<typeof setTimeout> | undefined;
  const hear = ({ dataTransfer }: DragEvent): void => {
    clearTimeout(silence);
    if (own || closed() || !dataTransfer) return;
    drag.over ??= draggedOf(dataTransfer.types, [...dataTransfer.items]);
    silence = setTimeout(() => {
      drag.end();
    }, SILENT_MS);
  };
  listen('dragenter', hear);
  listen('dragleave', ({ relatedTarget }) => {
    // Null = it left the window; from element to element there is another one. Counting fails when elements go meanwhile.
    if (relatedTarget === null) drag.end();
  });
  listen('dragover', (event) => {
    event.preventDefault();
    hear(event);
    const fits = drag.over?.kind === 'files' && !closed();
    if (event.dataTransfer) event.dataTransfer.dropEffect = fits ? 'copy' : 'none';
    if (fits) drag.target = targetUnder(event);
  });
  listen('drop', (event) => {
    event.preventDefault();
    clearTimeout(silence);
    drag.drop();
  });
  // The pointer tells of itself only while nothing is dragged: what the last drag left is out of the hand's way.
  target.addEventListener(
    'pointermove',
    () => {
      if (drag.over) drag.end();
    },
    { signal: stop.signal },
  );
  return () => {
    clearTimeout(silence);
    stop.abort();
  };
}
