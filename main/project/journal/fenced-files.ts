import { basename } from 'node:path';
import type { FileSystem } from '../file-system';
import { takenOver } from './taken-over';

/** What tells whether a project is still ours to write. */
export interface Claim {
  holds(): Promise<boolean>;
}

/** Files of ours that are not finished yet: taking them away harms nobody. */
const isTemporary = (path: string): boolean => basename(path).startsWith('.');

/**
 * A file system for who holds a project: nothing takes the place of a file, or
 * is removed, once another process has taken the project over. New files have
 * names of their own and need no leave.
 */
export function fencedFiles(files: FileSystem, claim: Claim): FileSystem {
  const mustHold = async (): Promise<void> => {
    if (!(await claim.holds())) throw takenOver();
  };
  return {
    open: (path, flags) => files.open(path, flags),
    readFile: (path, mostBytes) => files.readFile(path, mostBytes),
    makeFolder: (path) => files.makeFolder(path),
    list: (path) => files.list(path),
    status: (path) => files.status(path),
    realPath: (path) => files.realPath(path),
    freeBytes: (path) => files.freeBytes(path),
    async rename(from, to) {
      await mustHold();
      await files.rename(from, to);
    },
    async unlink(path) {
      if (!isTemporary(path)) await mustHold();
      await files.unlink(path);
    },
    async removeFolder(path) {
      await mustHold();
      await files.removeFolder(path);
    },
  };
}
