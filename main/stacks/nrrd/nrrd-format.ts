import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { FileBytes } from '../raw/raw-bytes';
import { assertRawSizes, corruptRaw, rawInfo } from '../raw/raw-info';
import { type RawLayout, rawEnd } from '../raw/raw-layout';
import { RawSource } from '../raw/raw-source';
import { UnpackedFile } from '../raw/unpacked-file';
import type { SourceContents } from '../source/source-contents';
import type { SourceIdentity } from '../source/source-identity';
import { fileError, SourceFile } from '../source-file';
import type { StackFormat } from '../stack-format';
import { DetachedContents } from './detached-contents';
import { type NrrdHeader, parseNrrdHeader } from './nrrd-header';
import { beginsLikeNrrd, readNrrdText } from './nrrd-text';

/** Lines that are skipped before the pixels end within so many bytes. */
const MOST_SKIPPED = 2 ** 20;
const LINE_FEED = 10;
const never = new AbortController().signal;

/** A NRRD that is open, and where its pixels begin. */
interface OpenNrrd {
  readonly header: NrrdHeader;
  readonly name: string;
  /** The file with the pixels. */
  readonly pixels: SourceFile;
  readonly contents: SourceContents;
  /** First byte after the header, in that file. */
  readonly from: number;
}

/** A NRRD file, or a header (.nhdr) with a file of pixels beside it. */
export const nrrd: StackFormat = {
  name: 'NRRD',
  owns: (entry) =>
    entry.kind === 'file' &&
    (beginsLikeNrrd(entry.head) || (/\.(nrrd|nhdr)$/i.test(entry.name) && entry.head.length > 0)),
  async open(path, { signal, expected }) {
    const found = await openFiles(path, expected, signal);
    try {
      return await sourceOf(path, found, signal);
    } catch (error) {
      await found.contents.close();
      throw fileError(error, found.name);
    }
  },
  async contents(path, expected) {
    const { contents } = await openFiles(path, expected, never);
    return contents;
  },
};

async function openFiles(
  path: string,
  expected: SourceIdentity | undefined,
  signal: AbortSignal,
): Promise<OpenNrrd> {
  const file = await SourceFile.open(path);
  const opened: SourceFile[] = [file];
  try {
    const { name } = file;
    const { fields, end } = await readNrrdText(file, signal);
    const header = parseNrrdHeader(name, fields);
    if (header.dataFile === null) {
      if (end === null) throw corruptRaw(name, 'it ends within its header');
      await file.close();
      const pixels = await SourceFile.open(path, expected);
      return { header, name, pixels, contents: pixels, from: end };
    }
    const pixels = await besideHeader(path, name, header.dataFile);
    opened.push(pixels);
    const contents = new DetachedContents(file, pixels);
    await contents.mustBe(expected);
    return { header, name, pixels, contents, from: 0 };
  } catch (error) {
    await Promise.all(opened.map((one) => one.close().catch(() => undefined)));
    throw fileError(error, file.name);
  }
}

/** The file with the pixels, which may be no way out of the folder. */
async function besideHeader(path: string, name: string, dataFile: string): Promise<SourceFile> {
  const beside = join(dirname(path), dataFile);
  const found = await lstat(beside).catch(() => null);
  if (found === null)
    throw new MembranaError(
      'file.not-found',
      `${name} says that its pixels are in ${dataFile.slice(0, 80)}, which is not beside it.`,
      { hint: 'Copy both files into one folder.', data: { file: name } },
    );
  if (!found.isFile())
    throw new MembranaError('file.not-plain', `${dataFile.slice(0, 80)} is not a plain file.`, {
      hint: 'Put the file with the pixels itself beside the header, not a link to it.',
      data: { file: name },
    });
  return SourceFile.open(beside);
}

async function sourceOf(
  path: string,
  { header, name, pixels, contents, from }: OpenNrrd,
  signal: AbortSignal,
): Promise<RawSource> {
  const { plan, type, bigEndian, encoding, byteSkip, warnings } = header;
  const { width, height, depth, samples, meaning, voxelSize } = plan;
  const shape = { width, height, depth, type, samples, bigEndian };
  const bare: RawLayout = { ...shape, start: Math.max(0, byteSkip) };
  assertRawSizes(name, bare);
  const first = await afterLines(name, pixels, from, header.lineSkip, signal);
  const facts = { name, voxelSize, meaning, warnings, fileBytes: contents.size };
  if (encoding === 'gzip') {
    await assertGzip(name, pixels, first);
    const info = rawInfo({ ...facts, layout: bare, compression: 'gzip' }, rawEnd(bare));
    const packed = { from: first, bytes: rawEnd(bare) };
    return new RawSource(info, bare, await UnpackedFile.open(pixels, packed), path, contents);
  }
  const start = byteSkip < 0 ? pixels.size - rawEnd(bare) : first + byteSkip;
  if (start < first) throw corruptRaw(name, 'its pixels begin before the file does');
  const layout = { ...shape, start };
  assertRawSizes(name, layout);
  const info = rawInfo({ ...facts, layout, compression: 'none' }, pixels.size);
  return new RawSource(info, layout, new FileBytes(pixels), path, contents);
}

/** @throws MembranaError stack.corrupt */
async function assertGzip(name: string, pixels: SourceFile, at: number): Promise<void> {
  const [first, second] = await pixels.read(at, 2);
  if (first !== 0x1f || second !== 0x8b)
    throw corruptRaw(name, 'it says that its pixels are gzip-compressed, and they are not');
}

/** Where the pixels begin behind some lines of text. */
async function afterLines(
  name: string,
  pixels: SourceFile,
  from: number,
  lines: number,
  signal: AbortSignal,
): Promise<number> {
  if (lines === 0) return from;
  const bytes = await pixels.read(from, MOST_SKIPPED, signal);
  let at = 0;
  for (let line = 0; line < lines; line += 1) {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0) throw corruptRaw(name, `it has fewer than the ${lines} lines that it skips`);
    at = end + 1;
  }
  return from + at;
}
