import { MembranaError } from '#contract/errors';
import type { SourceFile } from '../../source-file';
import { limits } from './limits';
import { fieldBytes } from './tags';

/** Byte order and flavour, from the first 16 bytes. */
export interface TiffHeader {
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly firstDirectory: number;
}

/** One tag. `at` is where its values begin in the file, inline ones too. */
export interface TagEntry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

export interface Directory {
  readonly offset: number;
  readonly entries: ReadonlyMap<number, TagEntry>;
  /** Offset of the next directory, 0 at the end. */
  readonly next: number;
  readonly problems: readonly DirectoryProblem[];
  /** Its own bytes, from `offset` on; values that lie in them need not be read again. */
  readonly bytes: Uint8Array;
}

export type DirectoryProblem =
  | { readonly kind: 'entries-cut'; readonly read: number; readonly declared: number }
  | { readonly kind: 'tags-unordered' }
  | { readonly kind: 'tag-repeated'; readonly tag: number }
  | { readonly kind: 'tag-ignored'; readonly tag: number; readonly why: string };

/** Sizes of the parts of a directory in classic TIFF and BigTIFF. */
export function directoryShape(big: boolean): { head: number; entry: number; inline: number } {
  return big ? { head: 8, entry: 20, inline: 8 } : { head: 2, entry: 12, inline: 4 };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An unsigned 64-bit number as a double; beyond 2^53 it is inexact, and beyond any file. */
export function uint64(view: DataView, at: number, littleEndian: boolean): number {
  return Number(view.getBigUint64(at, littleEndian));
}

/** Entry count at the head of the directory at `at`. */
export function entryCount(view: DataView, header: TiffHeader, at = 0): number {
  const le = header.littleEndian;
  return header.big ? uint64(view, at, le) : view.getUint16(at, le);
}

/**
 * Parses the directory in `bytes` (which begin at `offset` of the file and hold
 * as much of it as the file has).
 * @throws MembranaError tiff.truncated, tiff.too-large
 */
export function parseDirectory(
  bytes: Uint8Array,
  offset: number,
  header: TiffHeader,
  file: SourceFile,
): Directory {
  const shape = directoryShape(header.big);
  const view = viewOf(bytes);
  const le = header.littleEndian;
  if (bytes.byteLength < shape.head) throw directoryBeyondFile(offset, file);
  const declared = entryCount(view, header);
  if (declared > limits.plausibleEntries)
    throw new MembranaError(
      'tiff.too-large',
      `${file.name} claims a directory of ${declared} tags.`,
      {
        hint: 'The file is damaged. Export the stack again from the program that wrote it.',
        data: { file: file.name, entries: declared },
      },
    );
  const complete = Math.floor((bytes.byteLength - shape.head) / shape.entry);
  const count = Math.min(declared, complete, limits.entriesPerDirectory);
  const problems: DirectoryProblem[] = [];
  if (count < declared) problems.push({ kind: 'entries-cut', read: count, declared });
  const entries = new Map<number, TagEntry>();
  let previous = -1;
  let unordered = false;
  const repeated = new Set<number>();
  for (let index = 0; index < count; index += 1) {
    const at = shape.head + index * shape.entry;
    const tag = view.getUint16(at, le);
    if (tag < previous) unordered = true;
    previous = tag;
    const type = view.getUint16(at + 2, le);
    const valueCount = header.big ? uint64(view, at + 4, le) : view.getUint32(at + 4, le);
    const size = fieldBytes[type];
    if (entries.has(tag)) {
      if (!repeated.has(tag)) problems.push({ kind: 'tag-repeated', tag });
      repeated.add(tag);
      continue;
    }
    if (size === undefined) {
      problems.push({ kind: 'tag-ignored', tag, why: `its field type ${type} is unknown` });
      continue;
    }
    const inlineAt = at + shape.entry - shape.inline;
    const length = size * valueCount;
    const valueAt =
      length <= shape.inline
        ? offset + inlineAt
        : header.big
          ? uint64(view, inlineAt, le)
          : view.getUint32(inlineAt, le);
    entries.set(tag, { type, count: valueCount, at: valueAt });
  }
  if (unordered) problems.push({ kind: 'tags-unordered' });
  const nextAt = shape.head + declared * shape.entry;
  const nextBytes = header.big ? 8 : 4;
  const next =
    nextAt + nextBytes > bytes.byteLength
      ? 0
      : header.big
        ? uint64(view, nextAt, le)
        : view.getUint32(nextAt, le);
  return { offset, entries, next, problems, bytes };
}

/** Bytes to read for a directory of `entries` tags, next-pointer included. */
export function directoryBytes(entries: number, big: boolean): number {
  const { head, entry } = directoryShape(big);
  return head + Math.min(entries, limits.plausibleEntries) * entry + (big ? 8 : 4);
}

export async function readDirectory(
  file: SourceFile,
  header: TiffHeader,
  offset: number,
): Promise<Directory> {
  const typical = directoryBytes(40, header.big);
  let bytes = await file.read(offset, typical);
  const { head } = directoryShape(header.big);
  if (bytes.byteLength >= head) {
    const needed = directoryBytes(entryCount(viewOf(bytes), header), header.big);
    if (needed > typical) bytes = await file.read(offset, needed);
  }
  return parseDirectory(bytes, offset, header, file);
}

export function directoryBeyondFile(offset: number, file: SourceFile): MembranaError {
  return new MembranaError(
    'tiff.truncated',
    `${file.name} is truncated: its directory is at byte ${offset} of ${file.size}.`,
    {
      hint: 'Copy or export the file again; the last copy did not finish.',
      data: { file: file.name, offset, bytes: file.size },
    },
  );
}
