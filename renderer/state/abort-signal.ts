import type { CancelSignal } from '#labels/cancel-signal';

/** What `fetch` takes, for a signal that the labels hand on. */
export function abortSignalOf(signal: CancelSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const abort = new AbortController();
  if (signal.aborted) abort.abort();
  signal.addEventListener(
    'abort',
    () => {
      abort.abort();
    },
    { once: true },
  );
  return abort.signal;
}
