/** Calls when the window comes to a screen of another pixel density. Returns the disposer. */
function watchPixelRatio(changed: () => void): () => void {
  const stop = new AbortController();
  const watch = (): void => {
    const query = window.matchMedia(`(resolution: ${String(window.devicePixelRatio)}dppx)`);
    const listener = (): void => {
      changed();
      watch();
    };
    query.addEventListener('change', listener, { once: true, signal: stop.signal });
  };
  watch();
  return () => {
    stop.abort();
  };
}

/** Calls back whenever an element's size in CSS or in device pixels changes. Returns the disposer. */
export function watchSize(element: HTMLElement, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  observer.observe(element);
  const stop = watchPixelRatio(changed);
  return () => {
    observer.disconnect();
    stop();
  };
}
