import { dialog, type BrowserWindow, type FileFilter } from 'electron';
import type { Dialogs, OpenKind, SaveKind } from '#main/session/open/dialogs';
import { dialogStrings } from './strings';

const tiff: FileFilter = { name: dialogStrings.tiff, extensions: ['tif', 'tiff', 'btf'] };
const stack: FileFilter = {
  name: dialogStrings.stack,
  extensions: [
    ...tiff.extensions,
    ...['h5', 'hdf5', 'hdf', 'ims', 'mrc', 'mrcs', 'rec', 'st', 'map', 'nrrd', 'nhdr'],
  ],
};
const anyFile: FileFilter = { name: dialogStrings.anyFile, extensions: ['*'] };
const text: FileFilter = { name: dialogStrings.text, extensions: ['txt'] };

const page: FileFilter = { name: dialogStrings.page, extensions: ['html'] };

const folders = new Set<OpenKind>([
  'stack-folder',
  'project',
  'model',
  'projects-folder',
  'strokes-folder',
]);

/** The system's own file dialogs, on top of the window that asks, and whether one is waiting for an answer. */
export function systemDialogs(
  window: () => BrowserWindow | null,
): Dialogs & { isWaiting(): boolean } {
  let waiting = 0;
  return {
    isWaiting: () => waiting > 0,
    async open(kind: OpenKind) {
      const folder = folders.has(kind);
      const options: Electron.OpenDialogOptions = {
        title: dialogStrings.open[kind],
        properties: folder ? ['openDirectory', 'createDirectory'] : ['openFile'],
        filters: folder ? [] : [stack, anyFile],
      };
      const parent = window();
      waiting += 1;
      const answer = await (
        parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options)
      ).finally(() => (waiting -= 1));
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    async save(kind: SaveKind, name: string) {
      const options: Electron.SaveDialogOptions = {
        title: dialogStrings.save[kind],
        defaultPath: name,
        filters: [kind === 'diagnostics' ? text : kind === 'report' ? page : tiff, anyFile],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      };
      const parent = window();
      const answer = await (parent === null
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(parent, options));
      return answer.canceled || answer.filePath === '' ? null : answer.filePath;
    },
  };
}
