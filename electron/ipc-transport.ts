import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { channels } from '#contract/bridge';
import type { IpcRegistrar } from '#main/ipc/register';
import type { Sender, TrustedSenders } from '#main/ipc/trusted-senders';

/** Who sent a message, as Electron knows it. */
export function senderOf(event: IpcMainEvent | IpcMainInvokeEvent): Sender {
  const frame = event.senderFrame;
  return {
    url: frame?.url ?? '',
    mainFrame: frame !== null && frame.parent === null,
    contents: event.sender.id,
  };
}

/** The command door's transport: Electron's ipcMain. */
export const ipcRegistrar: IpcRegistrar = {
  handle(channel, answer) {
    ipcMain.handle(channel, (event, ...args: unknown[]) => answer(senderOf(event), args));
    return () => {
      ipcMain.removeHandler(channel);
    };
  },
};

const Paths = z.array(z.string().min(1).max(4096)).min(1).max(64);

/** Messages of the preload that are not commands: dropped files, and the first frame. Others' are ignored. */
export function listenToPreload(
  senders: TrustedSenders,
  hear: { dropped(paths: readonly string[]): void; ready(): void },
): void {
  ipcMain.on(channels.drop, (event, paths: unknown) => {
    const parsed = Paths.safeParse(paths);
    if (senders.trusts(senderOf(event)) && parsed.success) hear.dropped(parsed.data);
  });
  ipcMain.on(channels.ready, (event) => {
    if (senders.trusts(senderOf(event))) hear.ready();
  });
}
