import { dirname } from 'node:path';
import { tooLarge } from '#main/storage/entry-errors';
import type { FileSystem, OpenFile } from '../file-system';

interface FileNode {
  readonly kind: 'file';
  /** Stays with the file, whatever it is named. */
  readonly identity: string;
  /** What programs see. */
  live: Uint8Array<ArrayBuffer>;
  /** What was flushed. */
  flushed: Uint8Array<ArrayBuffer>;
  modifiedMs: number;
}

interface FolderNode {
  readonly kind: 'folder';
  live: Map<string, FileNode | FolderNode>;
  flushed: Map<string, FileNode | FolderNode>;
}

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code });
}

function emptyFolder(): FolderNode {
  return { kind: 'folder', live: new Map(), flushed: new Map() };
}

/**
 * A disk in memory that forgets what was not flushed when the power goes: of
 * each file and folder either the flushed state or, by chance, what came
 * after it; of a file also a part. `powerAfter` counts changing calls down.
 */
export class PowerLossDisk implements FileSystem {
  private root = emptyFolder();
  private generation = 0;
  private filesMade = 0;
  /** Changing calls so far. */
  calls = 0;
  /** The power goes at this call; Infinity = never. */
  powerAfter = Infinity;

  constructor(private readonly random: () => number) {}

  private change(generation: number): void {
    if (generation !== this.generation) fail('EIO', 'no power');
    this.calls += 1;
    if (this.calls > this.powerAfter) fail('EIO', 'no power');
  }

  /** The power goes and comes back: what a machine finds on its disk afterwards. */
  cut(): void {
    this.generation += 1;
    this.powerAfter = Infinity;
    this.root = this.survivor(this.root);
  }

  private survivor(folder: FolderNode): FolderNode {
    const entries = new Map(this.random() < 0.5 ? folder.live : folder.flushed);
    for (const [name, node] of entries)
      entries.set(name, node.kind === 'folder' ? this.survivor(node) : this.survivingFile(node));
    return { kind: 'folder', live: entries, flushed: new Map(entries) };
  }

  private survivingFile(node: FileNode): FileNode {
    const chance = this.random();
    let bytes = node.flushed;
    if (chance > 0.66) bytes = node.live;
    else if (chance > 0.33) {
      // Some of what was written after the flush, and zeros where blocks did not arrive.
      bytes = node.live.slice(0, Math.floor(this.random() * (node.live.length + 1)));
      const from = Math.min(bytes.length, this.commonLength(node));
      const hole = from + Math.floor(this.random() * (bytes.length - from));
      if (this.random() < 0.5) bytes.fill(0, hole);
      if (bytes.length < node.flushed.length && node.live.length >= node.flushed.length)
        bytes = node.flushed;
    }
    const { identity } = node;
    const modifiedMs = Date.now();
    return { kind: 'file', identity, live: bytes.slice(), flushed: bytes.slice(), modifiedMs };
  }

  private commonLength({ live, flushed }: FileNode): number {
    let length = 0;
    while (length < live.length && length < flushed.length && live[length] === flushed[length])
      length += 1;
    return length;
  }

  private find(path: string): FileNode | FolderNode | null {
    let node: FileNode | FolderNode | undefined = this.root;
    for (const name of path.split('/').filter(Boolean)) {
      if (node.kind !== 'folder') return null;
      node = node.live.get(name);
      if (!node) return null;
    }
    return node;
  }

  private folderOf(path: string): FolderNode {
    const folder = this.find(dirname(path));
    return folder?.kind === 'folder' ? folder : fail('ENOENT', path);
  }

  private name(path: string): string {
    return path.split('/').filter(Boolean).at(-1) ?? '';
  }

  private file(path: string): FileNode {
    const node = this.find(path);
    return node?.kind === 'file' ? node : fail('ENOENT', path);
  }

  private openFolder(folder: FolderNode, generation: number): OpenFile {
    const sync = (): Promise<void> => {
      this.change(generation);
      folder.flushed = new Map(folder.live);
      return Promise.resolve();
    };
    const never = (): Promise<never> => Promise.reject(new Error('a folder'));
    return {
      write: never,
      read: never,
      truncate: never,
      sync,
      datasync: sync,
      identity: () => Promise.resolve(null),
      close: () => Promise.resolve(),
    };
  }

  async open(path: string, flags: 'r' | 'r+' | 'wx'): Promise<OpenFile> {
    await Promise.resolve();
    const { generation } = this;
    let node = this.find(path);
    if (node?.kind === 'folder') return this.openFolder(node, generation);
    if (flags === 'wx') {
      this.change(generation);
      if (node) fail('EEXIST', path);
      this.filesMade += 1;
      node = {
        kind: 'file',
        identity: String(this.filesMade),
        live: new Uint8Array(),
        flushed: new Uint8Array(),
        modifiedMs: Date.now(),
      };
      this.folderOf(path).live.set(this.name(path), node);
    }
    return this.openNode(node ?? fail('ENOENT', path), generation);
  }

  private openNode(file: FileNode, generation: number): OpenFile {
    const sync = async (): Promise<void> => {
      await Promise.resolve();
      this.change(generation);
      file.flushed = file.live.slice();
    };
    return {
      write: async (bytes, offset, length, position) => {
        await Promise.resolve();
        this.change(generation);
        const grown = new Uint8Array(Math.max(file.live.length, position + length));
        grown.set(file.live);
        grown.set(bytes.subarray(offset, offset + length), position);
        file.live = grown;
        file.modifiedMs = Date.now();
        return length;
      },
      read: async (bytes, offset, length, position) => {
        await Promise.resolve();
        const part = file.live.subarray(position, position + length);
        bytes.set(part, offset);
        return part.length;
      },
      truncate: async (length) => {
        await Promise.resolve();
        this.change(generation);
        file.live = file.live.slice(0, length);
      },
      sync,
      datasync: sync,
      identity: () => Promise.resolve(file.identity),
      close: () => Promise.resolve(),
    };
  }

  async readFile(path: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    await Promise.resolve();
    const { live } = this.file(path);
    if (live.length > mostBytes) throw tooLarge(path, live.length, mostBytes);
    return live.slice();
  }

  async rename(from: string, to: string): Promise<void> {
    await Promise.resolve();
    this.change(this.generation);
    const node = this.find(from) ?? fail('ENOENT', from);
    this.folderOf(to).live.set(this.name(to), node);
    this.folderOf(from).live.delete(this.name(from));
  }

  async unlink(path: string): Promise<void> {
    await Promise.resolve();
    this.change(this.generation);
    this.file(path);
    this.folderOf(path).live.delete(this.name(path));
  }

  async makeFolder(path: string): Promise<void> {
    await Promise.resolve();
    this.change(this.generation);
    let folder = this.root;
    for (const name of path.split('/').filter(Boolean)) {
      const next = folder.live.get(name) ?? emptyFolder();
      if (next.kind === 'file') fail('EEXIST', path);
      folder.live.set(name, next);
      folder = next;
    }
  }

  async removeFolder(path: string): Promise<void> {
    await Promise.resolve();
    this.folderOf(path).live.delete(this.name(path));
    this.folderOf(path).flushed.delete(this.name(path));
  }

  async list(path: string): Promise<string[]> {
    await Promise.resolve();
    const node = this.find(path);
    return node?.kind === 'folder' ? [...node.live.keys()].sort() : [];
  }

  async status(path: string): ReturnType<FileSystem['status']> {
    await Promise.resolve();
    const node = this.find(path);
    if (!node) return null;
    return node.kind === 'folder'
      ? { kind: 'folder', bytes: 0, modifiedMs: 0, names: 1, identity: null }
      : {
          kind: 'file',
          bytes: node.live.length,
          modifiedMs: node.modifiedMs,
          names: 1,
          identity: node.identity,
        };
  }

  realPath(path: string): Promise<string> {
    return Promise.resolve(path);
  }

  freeBytes(): Promise<null> {
    return Promise.resolve(null);
  }
}
