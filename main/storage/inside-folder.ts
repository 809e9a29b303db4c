import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { MembranaError } from '#contract/errors';
import { folderGone, notAFolder, notAPlainFile, tooLarge } from './entry-errors';
import type { FileStatus, FileSystem } from './file-system';

/** One view a folder, so that what is known of it (folders still to be flushed) is known to all who use it. */
const views = new WeakMap<FileSystem, Map<string, FileSystem>>();

/**
 * The door to a folder that may come from anywhere: a file system that reads
 * and writes plain files in plain folders at and below `root` and refuses
 * everything else by name, before it is opened: links, at the end or on the
 * way, pipes, sockets, devices, folders in place of files, files over the
 * caller's budget. `root` itself is resolved by the caller, once (`realPath`).
 */
export function insideFolder(files: FileSystem, root: string): FileSystem {
  const known = views.get(files) ?? new Map<string, FileSystem>();
  views.set(files, known);
  const view = known.get(root) ?? new FolderView(files, root);
  known.set(root, view);
  return view;
}

class FolderView implements FileSystem {
  constructor(
    private readonly under: FileSystem,
    private readonly root: string,
  ) {}

  private name(path: string): string {
    return relative(this.root, path).split(sep).join('/');
  }

  /** Every folder between the root and the path is a plain one, or missing. */
  private async reach(path: string): Promise<void> {
    const way = relative(this.root, path);
    // Only who looks for the folder to make something in asks for what is above it.
    if (/^\.\.([/\\]\.\.)*$/.test(way)) throw folderGone(basename(this.root));
    if (isAbsolute(way) || way === '..' || way.startsWith(`..${sep}`))
      throw new MembranaError('file.not-plain', 'A file outside the folder was asked for.', {
        hint: 'Nothing was read or written. Report this, with the diagnostics of the Help menu.',
        data: { file: way.split(sep).at(-1) ?? '' },
      });
    const folders: string[] = [];
    for (let at = dirname(way); at !== '.'; at = dirname(at)) folders.unshift(join(this.root, at));
    const found = await Promise.all(folders.map((folder) => this.under.status(folder)));
    found.forEach((entry, i) => {
      if (entry && entry.kind !== 'folder')
        throw notAFolder(this.name(folders[i] ?? path), entry.kind);
    });
  }

  /** What lies there, reached by plain folders alone. */
  async status(path: string): Promise<FileStatus | null> {
    await this.reach(path);
    return this.under.status(path);
  }

  async open(path: string, flags: 'r' | 'r+' | 'wx'): ReturnType<FileSystem['open']> {
    const entry = await this.status(path);
    const name = this.name(path);
    if (entry && flags !== 'wx') {
      const fits = entry.kind === 'file' || (entry.kind === 'folder' && flags === 'r');
      if (!fits) throw notAPlainFile(name, entry.kind);
      if (flags === 'r+' && entry.names > 1) throw notAPlainFile(name, 'shared');
    }
    return this.under.open(path, flags);
  }

  async readFile(path: string, mostBytes: number): ReturnType<FileSystem['readFile']> {
    const entry = await this.status(path);
    if (entry && entry.kind !== 'file') throw notAPlainFile(this.name(path), entry.kind);
    if (entry && entry.bytes > mostBytes) throw tooLarge(this.name(path), entry.bytes, mostBytes);
    return this.under.readFile(path, mostBytes);
  }

  /** A link or a pipe that is in the way is replaced, not written through. */
  async rename(from: string, to: string): Promise<void> {
    const source = await this.status(from);
    const target = await this.status(to);
    if (source?.kind === 'file' && target?.kind === 'folder')
      throw notAPlainFile(this.name(to), 'folder');
    await this.under.rename(from, to);
  }

  async unlink(path: string): Promise<void> {
    if ((await this.status(path))?.kind === 'folder')
      throw notAPlainFile(this.name(path), 'folder');
    await this.under.unlink(path);
  }

  private async mayBeFolder(path: string): Promise<FileStatus | null> {
    const entry = await this.status(path);
    if (entry && entry.kind !== 'folder') throw notAFolder(this.name(path), entry.kind);
    return entry;
  }

  async makeFolder(path: string): Promise<void> {
    await this.mayBeFolder(path);
    await this.under.makeFolder(path);
  }

  async removeFolder(path: string): Promise<void> {
    await this.reach(path);
    await this.under.removeFolder(path);
  }

  async list(path: string): Promise<string[]> {
    return (await this.mayBeFolder(path)) ? this.under.list(path) : [];
  }

  realPath(path: string): Promise<string> {
    return this.under.realPath(path);
  }

  freeBytes(path: string): Promise<number | null> {
    return this.under.freeBytes(path);
  }
}
