import { basename, sep } from 'node:path';
import { folderGone } from '#main/storage/entry-errors';
import type { FileSystem } from '../file-system';
import { takenOver } from '../journal/taken-over';

/**
 * Whether a project is ours to write. `away`: nobody has taken it over, but its
 * folder is gone, or another project lies in its place. `lost`: another
 * process has it.
 */
export type ClaimState = 'here' | 'away' | 'lost';

export interface Claim {
  /** Looks at the disk. @throws what the file system says when it can't be asked */
  look(): Promise<ClaimState>;
}

/** Files of ours that are not finished yet: taking them away harms nobody. */
const isTemporary = (path: string): boolean => basename(path).startsWith('.');

/**
 * A file system for who holds the project in `folder`: nothing takes the place
 * of a file, or is removed, once another process has taken the project over or
 * another project lies there. New files have names of their own and need no
 * leave.
 */
export function fencedFiles(files: FileSystem, folder: string, claim: Claim): FileSystem {
  const mustHold = async (path: string): Promise<void> => {
    const found = await claim.look();
    if (found === 'lost') throw takenOver();
    const isInside = path.startsWith(`${folder}${sep}`);
    if (found === 'away' && isInside) throw folderGone(basename(folder));
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
      await mustHold(to);
      await files.rename(from, to);
    },
    async unlink(path) {
      if (!isTemporary(path)) await mustHold(path);
      await files.unlink(path);
    },
    async removeFolder(path) {
      await mustHold(path);
      await files.removeFolder(path);
    },
  };
}
