import { ipcMain } from 'electron';
import { channels } from '#contract/bridge';
import type { TrustedSenders } from '#main/ipc/trusted-senders';
import type { PixelService } from '#main/session/pixels';
import { SliceCalls } from '#main/session/slice-calls';
import { senderOf } from './ipc-transport';

/**
 * Serves slices to our own page, each page through a port of its own. A port
 * brings two megabytes in one message, where a scheme's stream waits piece by
 * piece for the page's main thread: while slices are leafed through, 90 ms.
 */
export function servePixelPorts(senders: TrustedSenders, pixels: PixelService): void {
  ipcMain.on(channels.pixels, (event) => {
    const [port] = event.ports;
    if (port === undefined || !senders.trusts(senderOf(event))) return;
    const calls = new SliceCalls(pixels, (reply) => {
      port.postMessage(reply);
    });
    port.on('message', ({ data }: { readonly data: unknown }) => {
      calls.hear(data);
    });
    port.on('close', () => {
      calls.close();
    });
    port.start();
  });
}
