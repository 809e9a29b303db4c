import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, type Bridge } from '#contract/bridge';

const bridge: Bridge = {
  invoke: (name, input) => ipcRenderer.invoke(channels.invoke, name, input),
  on: (name, listener) => {
    const hear = (_: unknown, heard: unknown, payload: Parameters<typeof listener>[0]): void => {
      if (heard === name) listener(payload);
    };
    ipcRenderer.on(channels.event, hear);
    return () => {
      ipcRenderer.off(channels.event, hear);
    };
  },
  openPixels: () => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(channels.pixels, null, [port2]);
    // A port can't go through the context bridge; a message to our own page carries it.
    window.postMessage(channels.pixels, window.location.origin, [port1]);
  },
  ready: () => {
    ipcRenderer.send(channels.ready);
  },
};

contextBridge.exposeInMainWorld('membrana', bridge);

// Dropped files are told to main by the preload: the page never sees a path.
window.addEventListener(
  'dragover',
  (event) => {
    event.preventDefault();
  },
  { capture: true },
);
window.addEventListener(
  'drop',
  (event) => {
    event.preventDefault();
    if (!event.isTrusted) return;
    const paths = [...(event.dataTransfer?.files ?? [])]
      .map((file) => webUtils.getPathForFile(file))
      .filter((path) => path !== '');
    if (paths.length > 0) ipcRenderer.send(channels.drop, paths);
  },
  { capture: true },
);
