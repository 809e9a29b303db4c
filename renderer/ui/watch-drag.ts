import type { AppState } from '../state/app.svelte';

/** Marks the window while files are dragged over it; the preload hands dropped files to main. */
export function watchDrag(target: Window, app: AppState): () => void {
  let depth = 0;
  const enter = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    depth += 1;
    app.dropping = true;
  };
  const leave = (): void => {
    depth = Math.max(0, depth - 1);
    app.dropping = depth > 0;
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    depth = 0;
    app.dropping = false;
  };
  target.addEventListener('dragenter', enter);
  target.addEventListener('dragleave', leave);
  target.addEventListener('dragover', over);
  target.addEventListener('drop', drop);
  return () => {
    target.removeEventListener('dragenter', enter);
    target.removeEventListener('dragleave', leave);
    target.removeEventListener('dragover', over);
    target.removeEventListener('drop', drop);
  };
}
