import { channels } from '#contract/bridge';
import { MembranaError } from '#contract/errors';
import type { PixelCall, PixelReply, SliceLayer } from '#contract/pixel-port';

/** By layer as asked for; null = there is none. */
export type SliceLayers = readonly (SliceLayer | null)[];

interface Waiting {
  readonly resolve: (layers: SliceLayers) => void;
  readonly reject: (error: MembranaError) => void;
}

/** The page's port to main for slices. */
class SlicePort {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<PixelReply>): void => {
      this.#hear(data);
    };
  }

  fetch(url: string, signal: AbortSignal): Promise<SliceLayers> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const id = this.#asked;
      this.#asked += 1;
      const leave = (): void => {
        this.#waiting.delete(id);
        this.#say({ kind: 'leave', id });
        reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
      };
      signal.addEventListener('abort', leave, { once: true });
      const done = (): void => {
        signal.removeEventListener('abort', leave);
      };
      this.#waiting.set(id, {
        resolve: (layers) => {
          done();
          resolve(layers);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.#say({ kind: 'ask', id, url });
    });
  }

  #say(call: PixelCall): void {
    this.#port.postMessage(call);
  }

  #hear(reply: PixelReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    switch (reply.kind) {
      case 'layers':
        waiting?.resolve(reply.layers);
        return;
      case 'refused':
        waiting?.reject(
          new MembranaError('file.unreadable', 'A part of the slice could not be read.', {
            hint: 'Go to another slice and back; if it stays, open the stack again.',
          }),
        );
        return;
    }
  }
}

let opened: Promise<SlicePort> | null = null;

/** Has the preload open a port, which comes as a message of our own window. */
function open(): Promise<SlicePort> {
  return new Promise((resolve) => {
    const hear = ({ source, data, ports: [port] }: MessageEvent<unknown>): void => {
      if (source !== window || data !== channels.pixels || port === undefined) return;
      window.removeEventListener('message', hear);
      resolve(new SlicePort(port));
    };
    window.addEventListener('message', hear);
    window.membrana.openPixels();
  });
}

/** Fetches the layers of a part of a slice by its URL. Rejects where there are none without telling why: ask for a tile. */
export async function fetchSliceLayers(url: string, signal: AbortSignal): Promise<SliceLayers> {
  opened ??= open();
  return (await opened).fetch(url, signal);
}
