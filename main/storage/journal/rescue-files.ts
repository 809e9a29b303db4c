import { sep } from 'node:path';
import { makeFolderDurably, type FileSystem } from '../file-system';

/**
 * `files`, and below `folder` `others`: a project's own folder, and the one
 * where its strokes go when that is gone. What lies above that one is out of
 * `files`' reach, so making a folder there makes all of the way, durably.
 */
export function withFolder(files: FileSystem, folder: string, others: FileSystem): FileSystem {
  const of = (path: string): FileSystem =>
    path === folder || path.startsWith(`${folder}${sep}`) ? others : files;
  return {
    open: (path, flags) => of(path).open(path, flags),
    readFile: (path, mostBytes) => of(path).readFile(path, mostBytes),
    rename: (from, to) => of(to).rename(from, to),
    unlink: (path) => of(path).unlink(path),
    makeFolder: (path) =>
      of(path) === others ? makeFolderDurably(others, path) : files.makeFolder(path),
    removeFolder: (path) => of(path).removeFolder(path),
    list: (path) => of(path).list(path),
    status: (path) => of(path).status(path),
    realPath: (path) => of(path).realPath(path),
    freeBytes: (path) => of(path).freeBytes(path),
  };
}
