import { type FileSystem, type OpenFile } from '../file-system';
import { nodeFileSystem } from '../node-file-system';

export type Operation =
  'open' | 'write' | 'sync' | 'datasync' | 'truncate' | 'rename' | 'unlink' | 'makeFolder';

/** What becomes of a call: it works, fails with a system code, or (a write) does `bytes` only. */
export type Fault = null | { readonly code: string } | { readonly shortTo: number };

function failing(code: string): never {
  throw Object.assign(new Error(`${code}: injected`), { code });
}

/** A file system whose changing calls fail as `decide` says; `decide` gets them one by one. */
export function faultyFileSystem(
  decide: (operation: Operation, path: string) => Fault,
  under: FileSystem = nodeFileSystem,
): FileSystem {
  const check = (operation: Operation, path: string): Fault => {
    const fault = decide(operation, path);
    return fault && 'code' in fault ? failing(fault.code) : fault;
  };
  const wrap = (file: OpenFile, path: string): OpenFile => ({
    ...file,
    async write(bytes, offset, length, position) {
      const fault = check('write', path);
      const most = fault && 'shortTo' in fault ? Math.min(length, fault.shortTo) : length;
      return most === 0 ? 0 : file.write(bytes, offset, most, position);
    },
    async truncate(length) {
      check('truncate', path);
      await file.truncate(length);
    },
    async sync() {
      check('sync', path);
      await file.sync();
    },
    async datasync() {
      check('datasync', path);
      await file.datasync();
    },
  });
  return {
    readFile: (path, mostBytes) => under.readFile(path, mostBytes),
    removeFolder: (path) => under.removeFolder(path),
    list: (path) => under.list(path),
    status: (path) => under.status(path),
    realPath: (path) => under.realPath(path),
    freeBytes: (path) => under.freeBytes(path),
    async open(path, flags) {
      if (flags === 'wx') check('open', path);
      return wrap(await under.open(path, flags), path);
    },
    async rename(from, to) {
      check('rename', to);
      await under.rename(from, to);
    },
    async unlink(path) {
      check('unlink', path);
      await under.unlink(path);
    },
    async makeFolder(path) {
      check('makeFolder', path);
      await under.makeFolder(path);
    },
  };
}
