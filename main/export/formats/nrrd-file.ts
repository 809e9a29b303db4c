import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';
import { isAbort } from '#contract/errors';
import { renameWithPatience } from '../../storage/atomic-file';
import {
  flushFolder,
  unlinkIfThere,
  writeAll,
  type FileSystem,
  type OpenFile,
} from '../../storage/file-system';
import { nodeFileSystem } from '../../storage/node-file-system';
import { writeFailure } from '../../storage/write-errors';
import type { ImageSlice, ImageSpec, ImageWriter } from './image-writer';
import { sliceBytes } from './slice-bytes';
import { valueNotes } from './value-notes';

/** Labels compress 50 times and more at any level. */
const LEVEL = 1;

/** The header of an NRRD (teem.sourceforge.net/nrrd/format.html); lengths in nm, unknown ones are NaN. */
function header({ width, height, type, slices, voxelSize, values, name }: ImageSpec): string {
  const { x, y, z } = voxelSize;
  const sizes = [x, y, z];
  const notes = Object.entries(valueNotes(slices, values));
  return [
    'NRRD0004',
    `content: ${name}`,
    `type: ${type}`,
    'dimension: 3',
    `sizes: ${width} ${height} ${slices.length}`,
    `spacings: ${sizes.map((size) => (size === null ? 'nan' : String(size))).join(' ')}`,
    `units: ${sizes.map((size) => (size === null ? '""' : '"nm"')).join(' ')}`,
    'kinds: domain domain domain',
    'labels: "x" "y" "z"',
    ...(type === 'uint16' ? ['endian: little'] : []),
    'encoding: gzip',
    ...notes.map(([key, text]) => `${key}:=${text}`),
    '',
    '',
  ].join('\n');
}

/** One gzip stream for all slices: readers stop at the end of the first. */
class GzipStream {
  private readonly gzip = createGzip({ level: LEVEL });
  private chunks: Uint8Array[] = [];

  constructor() {
    this.gzip.on('data', (chunk: Uint8Array) => this.chunks.push(chunk));
    // Each write hears of its own failure; without a listener the event would end the process.
    this.gzip.on('error', () => undefined);
  }

  /** What came out by the time `bytes` went in. */
  async add(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
    await new Promise<void>((resolve, reject) => {
      this.gzip.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return this.taken();
  }

  async end(): Promise<readonly Uint8Array[]> {
    await new Promise<void>((resolve, reject) => {
      this.gzip.once('end', resolve).once('error', reject);
      this.gzip.end();
    });
    return this.taken();
  }

  close(): void {
    this.gzip.destroy();
  }

  private taken(): readonly Uint8Array[] {
    const taken = this.chunks;
    this.chunks = [];
    return taken;
  }
}

class NrrdWriter implements ImageWriter {
  private readonly gzip = new GzipStream();
  private end = 0;
  private state: 'open' | 'finished' | 'given-up' = 'open';

  constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: OpenFile,
    private readonly files: FileSystem,
    private readonly spec: ImageSpec,
  ) {}

  begin(): Promise<void> {
    return this.guarded(() => this.write([new TextEncoder().encode(header(this.spec))]));
  }

  append(slice: ImageSlice, signal?: AbortSignal): Promise<void> {
    return this.guarded(async () => {
      signal?.throwIfAborted();
      await this.write(await this.gzip.add(sliceBytes(slice, this.spec)));
    });
  }

  finish(): Promise<number> {
    return this.guarded(async () => {
      await this.write(await this.gzip.end());
      await this.file.sync();
      await this.file.close();
      await renameWithPatience(this.files, this.temporary, this.path);
      this.state = 'finished';
      await flushFolder(this.files, dirname(this.path));
      return this.end;
    });
  }

  async abort(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'given-up';
    this.gzip.close();
    await this.file.close().catch(() => undefined);
    await unlinkIfThere(this.files, this.temporary).catch(() => undefined);
  }

  private async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      await writeAll(this.file, chunk, this.end);
      this.end += chunk.byteLength;
    }
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.state !== 'open') throw new Error('the NRRD writer is closed');
    try {
      return await work();
    } catch (error) {
      await this.abort();
      throw isAbort(error) ? error : writeFailure(this.path, error);
    }
  }
}

/** An NRRD with attached data in one gzip stream, x fastest. @throws MembranaError disk.full, file.write-failed */
export async function createNrrd(path: string, spec: ImageSpec): Promise<ImageWriter> {
  const { files = nodeFileSystem } = spec;
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  let file: OpenFile;
  try {
    file = await files.open(temporary, 'wx');
  } catch (error) {
    throw writeFailure(path, error);
  }
  const writer = new NrrdWriter(path, temporary, file, files, spec);
  await writer.begin();
  return writer;
}
