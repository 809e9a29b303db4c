/** Calls when the window comes to a screen of another pixel density. Returns the disposer. */
export function watchPixelRatio(changed: () => void): () => void {
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
