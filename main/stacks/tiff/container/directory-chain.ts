import { setImmediate } from 'node:timers/promises';
import type { SourceFile } from '../../source-file';
import { directoryShape, readDirectory, type TagEntry, type TiffHeader } from './directory';
import { DirectoryGlance, type PageShape } from './directory-glance';
import { DirectoryWindow } from './directory-window';
import { limits } from './limits';

/** What a page says it is, by its subfile tags. */
export type PageRole = 'picture' | 'reduced' | 'mask';

/** One directory that other directories hang from. */
export interface SubDirectories {
  /** Place of the directory in the list. */
  readonly page: number;
  readonly entry: TagEntry;
}

/** The linked list of directories, in file order: arrays side by side, since there may be a million. */
export interface DirectoryChain {
  readonly offsets: readonly number[];
  /** Which of `shapes` each has. */
  readonly kinds: readonly number[];
  readonly shapes: readonly PageShape[];
  readonly roles: readonly PageRole[];
  readonly subDirectories: readonly SubDirectories[];
  readonly end: ChainEnd;
}

export type ChainEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'circular'; readonly to: number }
  | { readonly kind: 'beyond-file'; readonly offset: number }
  | { readonly kind: 'unreadable'; readonly offset: number; readonly reason: string };

/** The thread is given back after this many directories: about a millisecond. */
const AT_ONCE = 4096;
/** Kinds told apart; no stack has more than a handful. */
const MOST_SHAPES = 4096;
const MOST_SUB_DIRECTORIES = 65_536;
const REDUCED = 1;
const MASK = 4;

/**
 * Walks the linked list of directories, looking only at what lies in the
 * directories themselves.
 * @throws MembranaError tiff.truncated, tiff.too-large when not even the first can be read; AbortError
 */
export async function walkDirectories(
  file: SourceFile,
  header: TiffHeader,
  signal: AbortSignal,
): Promise<DirectoryChain> {
  const window = new DirectoryWindow(file, header);
  const visited = new VisitedOffsets();
  const glance = new DirectoryGlance();
  const kinds = new ShapeKinds();
  const offsets: number[] = [];
  const kindOf: number[] = [];
  const roles: PageRole[] = [];
  const subDirectories: SubDirectories[] = [];
  const { head } = directoryShape(header.big);
  const done = (end: ChainEnd): DirectoryChain => ({
    offsets,
    kinds: kindOf,
    shapes: kinds.shapes,
    roles,
    subDirectories,
    end,
  });
  let offset = header.firstDirectory;
  while (offset !== 0) {
    if (visited.has(offset, offsets)) return done({ kind: 'circular', to: offset });
    if (offset + head > file.size && offsets.length > 0)
      return done({ kind: 'beyond-file', offset });
    if (offsets.length >= limits.directories)
      return done({ kind: 'unreadable', offset, reason: `more than ${limits.directories} pages` });
    let at = window.locate(offset);
    if (at < 0) at = await window.load(offset, signal);
    const plausible = at + head <= window.view.byteLength;
    if (!plausible || !glance.read(window.view, at, offset, header)) {
      // The first directory's own error says more than an empty list.
      if (offsets.length === 0) await readDirectory(file, header, offset);
      return done({ kind: 'unreadable', offset, reason: 'it claims more tags than can be meant' });
    }
    if (glance.subIfds !== null && subDirectories.length < MOST_SUB_DIRECTORIES)
      subDirectories.push({ page: offsets.length, entry: glance.subIfds });
    offsets.push(offset);
    kindOf.push(kinds.of(glance));
    roles.push(roleOf(glance));
    offset = glance.next;
    if (offsets.length % AT_ONCE === 0) {
      signal.throwIfAborted();
      await setImmediate();
    }
  }
  return done({ kind: 'complete' });
}

/** Role by NewSubfileType (bits), or by the older SubfileType (2 = reduced). */
export function roleOf({
  subfile,
  oldSubfile,
}: Pick<DirectoryGlance, 'subfile' | 'oldSubfile'>): PageRole {
  if ((subfile & MASK) !== 0) return 'mask';
  return (subfile & REDUCED) !== 0 || oldSubfile === 2 ? 'reduced' : 'picture';
}

/** Offsets seen; while they only grow, none can come twice, and nothing is looked up. */
class VisitedOffsets {
  private highest = -1;
  private seen: Set<number> | null = null;

  /** Whether `offset` was asked for before; `before` are all that were. */
  has(offset: number, before: readonly number[]): boolean {
    if (this.seen === null && offset > this.highest) {
      this.highest = offset;
      return false;
    }
    this.seen ??= new Set(before);
    if (this.seen.has(offset)) return true;
    this.seen.add(offset);
    return false;
  }
}

/** Numbers the shapes of pages; neighbours are mostly alike. */
class ShapeKinds {
  readonly shapes: PageShape[] = [];
  private readonly numbers = new Map<string, number>();
  private last = -1;

  of(glance: DirectoryGlance): number {
    const last = this.shapes[this.last];
    if (last !== undefined && glance.sameShape(last)) return this.last;
    const shape = glance.shape();
    const key = Object.values(shape).join(' ');
    this.last = this.numbers.get(key) ?? Math.min(this.shapes.length, MOST_SHAPES);
    if (this.last === this.shapes.length) {
      this.numbers.set(key, this.last);
      this.shapes.push(this.last < MOST_SHAPES ? shape : { ...shape, width: 0, height: 0 });
    }
    return this.last;
  }
}
