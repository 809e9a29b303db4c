import type { ViewState } from '../../state/view/view.svelte';

/** The menu key, and Shift+F10 where keyboards have none, open the menu of the slice. Returns the disposer. */
export function listenForMenuKey(element: HTMLElement, view: ViewState): () => void {
  const ask = (event: KeyboardEvent): void => {
    if (event.key !== 'ContextMenu' && !(event.shiftKey && event.key === 'F10')) return;
    event.preventDefault();
    const box = element.getBoundingClientRect();
    const { pointer } = view;
    const z = pointer?.z === undefined ? {} : { z: pointer.z };
    const pixel = pointer && { x: pointer.x, y: pointer.y, ...z };
    view.menu = { x: box.left + box.width / 2, y: box.top + box.height / 2, pixel };
  };
  element.addEventListener('keydown', ask);
  return () => {
    element.removeEventListener('keydown', ask);
  };
}
