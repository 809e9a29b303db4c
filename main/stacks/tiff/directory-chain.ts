import { setImmediate } from 'node:timers/promises';
import type { SourceFile } from '../source-file';
import {
  type Directory,
  directoryBytes,
  directoryShape,
  entryCount,
  parseDirectory,
  type TagEntry,
  type TiffHeader,
  uint64,
  viewOf,
} from './directory';
import { limits } from './limits';
import { tags } from './tags';

/** A page of the chain; `shape` groups pages of the same size and sample type. */
export interface ChainPage {
  readonly offset: number;
  readonly shape: string;
}

export interface DirectoryChain {
  readonly pages: readonly ChainPage[];
  /** Thumbnails, reduced copies and masks, which are no slices. */
  readonly skipped: number;
  readonly end: ChainEnd;
}

export type ChainEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'circular'; readonly to: number }
  | { readonly kind: 'beyond-file'; readonly offset: number }
  | { readonly kind: 'unreadable'; readonly offset: number; readonly reason: string };

/** Main's thread is given back after this many milliseconds of parsing. */
const SLICE_MS = 5;
const NEAR = 65_536;
const PROBE = 512;
/** Directories at even distances are fetched this many at a time. */
const AHEAD = 64;

/**
 * Walks the linked list of directories, looking only at what lies in the
 * directories themselves. Reads ahead where they follow each other closely (one
 * window) or at an even distance (many small reads at once), so that 20,000 of
 * them take a fraction of a second.
 */
export async function walkDirectories(
  file: SourceFile,
  header: TiffHeader,
  signal: AbortSignal,
): Promise<DirectoryChain> {
  const pages: ChainPage[] = [];
  const shapes = new Map<string, string>();
  const visited = new Set<number>();
  const window = new DirectoryWindow(file, header);
  let skipped = 0;
  let offset = header.firstDirectory;
  let sliceEnd = performance.now() + SLICE_MS;
  const done = (end: ChainEnd): DirectoryChain => ({ pages, skipped, end });
  while (offset !== 0) {
    if (visited.has(offset)) return done({ kind: 'circular', to: offset });
    if (offset + directoryShape(header.big).head > file.size)
      return done({ kind: 'beyond-file', offset });
    if (visited.size >= limits.directories)
      return done({ kind: 'unreadable', offset, reason: `more than ${limits.directories} pages` });
    visited.add(offset);
    const known = window.held(offset);
    const bytes = known ?? (await window.fetch(offset, signal));
    let directory: Directory;
    try {
      directory = parseDirectory(bytes, offset, header, file);
    } catch (error) {
      // The first directory's own error says more than an empty list.
      if (pages.length === 0) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return done({ kind: 'unreadable', offset, reason });
    }
    const inline = inlineReader(bytes, directory, header);
    if ((inline(tags.NewSubfileType, 0) & 5) !== 0 && pages.length > 0) skipped += 1;
    else {
      const shape = shapeOf(inline);
      const shared = shapes.get(shape) ?? shape;
      shapes.set(shared, shared);
      pages.push({ offset, shape: shared });
    }
    offset = directory.next;
    if (performance.now() > sliceEnd) {
      signal.throwIfAborted();
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return done({ kind: 'complete' });
}

type InlineReader = (tag: number, fallback: number) => number;

/** First value of a tag that is stored in the directory itself. */
function inlineReader(bytes: Uint8Array, directory: Directory, header: TiffHeader): InlineReader {
  const view = viewOf(bytes);
  const le = header.littleEndian;
  const value = ({ type, at }: TagEntry): number | null => {
    const position = at - directory.offset;
    if (position < 0 || position + directoryShape(header.big).inline > bytes.byteLength)
      return null;
    switch (type) {
      case 1:
        return view.getUint8(position);
      case 3:
        return view.getUint16(position, le);
      case 4:
        return view.getUint32(position, le);
      case 16:
        return uint64(view, position, le);
      default:
        return null;
    }
  };
  return (tag, fallback) => {
    const entry = directory.entries.get(tag);
    return entry === undefined || entry.count === 0 ? fallback : (value(entry) ?? fallback);
  };
}

/** Size and sample type; what isn't inline (types of several samples) is compared when the page is read. */
function shapeOf(inline: InlineReader): string {
  const samples = inline(tags.SamplesPerPixel, 1);
  const bits = samples > 1 ? 0 : inline(tags.BitsPerSample, 1);
  const format = samples > 1 ? 0 : inline(tags.SampleFormat, 1);
  return [inline(tags.ImageWidth, 0), inline(tags.ImageLength, 0), samples, bits, format].join(' ');
}

/** The part of the file around the directories being walked. */
class DirectoryWindow {
  private start = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly ahead = new Map<number, Uint8Array>();
  private previous = 0;
  private stride = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly header: TiffHeader,
  ) {}

  /** The directory's bytes if they are here already. */
  held(offset: number): Uint8Array | null {
    this.note(offset);
    const fetched = this.ahead.get(offset);
    if (fetched !== undefined) {
      this.ahead.delete(offset);
      return this.whole(fetched, offset);
    }
    const at = offset - this.start;
    if (at < 0 || at >= this.bytes.byteLength) return null;
    return this.whole(this.bytes.subarray(at), offset);
  }

  async fetch(offset: number, signal: AbortSignal): Promise<Uint8Array> {
    const near = Math.abs(this.stride) <= NEAR;
    if (!near && this.steady > 1) await this.fetchAhead(offset, signal);
    const here = this.ahead.get(offset);
    this.ahead.delete(offset);
    let bytes = here ?? (await this.file.read(offset, near ? NEAR : PROBE, signal));
    const needed = this.needed(bytes);
    if (needed > bytes.byteLength && offset + bytes.byteLength < this.file.size)
      bytes = await this.file.read(offset, needed, signal);
    if (here === undefined) {
      this.start = offset;
      this.bytes = bytes;
    }
    return bytes;
  }

  private steady = 0;

  private note(offset: number): void {
    const stride = offset - this.previous;
    this.steady = stride === this.stride ? this.steady + 1 : 0;
    this.stride = stride;
    this.previous = offset;
  }

  private async fetchAhead(offset: number, signal: AbortSignal): Promise<void> {
    this.ahead.clear();
    const places = Array.from({ length: AHEAD }, (_, index) => offset + index * this.stride).filter(
      (place) => place > 0 && place < this.file.size,
    );
    const read = await Promise.all(places.map((place) => this.file.read(place, PROBE, signal)));
    places.forEach((place, index) => this.ahead.set(place, read[index] ?? new Uint8Array(0)));
  }

  /** `bytes` if the whole directory is in them. */
  private whole(bytes: Uint8Array, offset: number): Uint8Array | null {
    if (offset + bytes.byteLength >= this.file.size) return bytes;
    const needed = this.needed(bytes);
    return needed <= bytes.byteLength ? bytes : null;
  }

  private needed(bytes: Uint8Array): number {
    const { head } = directoryShape(this.header.big);
    if (bytes.byteLength < head) return head;
    return directoryBytes(entryCount(viewOf(bytes), this.header), this.header.big);
  }
}
