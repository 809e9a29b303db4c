import { MembranaError } from '#contract/errors';

/** Layers of a part of a slice as they came: their types, and their bytes one after the other. */
export interface SliceLayers {
  /** By layer as asked for; null = there is none, and it takes no bytes. */
  readonly elements: readonly (string | null)[];
  readonly bytes: ArrayBuffer;
}

/**
 * Fetches a part of a slice. By XMLHttpRequest, which gathers two megabytes of
 * an answer in two thirds of the time that `fetch` takes (8.6 against 12.6 ms).
 * Rejects where anything but layers comes, without telling why: ask for a tile.
 */
export function fetchSliceLayers(url: string, signal: AbortSignal): Promise<SliceLayers> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = (): void => {
      request.abort();
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    signal.addEventListener('abort', abort, { once: true });
    request.onloadend = (): void => {
      signal.removeEventListener('abort', abort);
      const bytes: unknown = request.response;
      const names = request.getResponseHeader('x-layers');
      if (request.status === 200 && names !== null && bytes instanceof ArrayBuffer)
        resolve({ elements: names.split(' ').map((name) => (name === '-' ? null : name)), bytes });
      else
        reject(
          new MembranaError('file.unreadable', 'A part of the slice could not be read.', {
            hint: 'Go to another slice and back; if it stays, open the stack again.',
            data: { status: request.status },
          }),
        );
    };
    request.open('GET', url);
    request.responseType = 'arraybuffer';
    request.send();
  });
}
