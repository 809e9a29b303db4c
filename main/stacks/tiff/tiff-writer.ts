import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { VoxelSize } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import { renameWithPatience } from '../../storage/atomic-file';
import {
  flushFolder,
  type FileSystem,
  type OpenFile,
  unlinkIfThere,
  writeAll,
} from '../../storage/file-system';
import { nodeFileSystem } from '../../storage/node-file-system';
import { writeFailure } from '../../storage/write-errors';
import {
  encodeDirectories,
  HEADER_BYTES,
  type PageRecord,
  type WritableType,
} from './container/encode-directories';

/** One slice's pixels, row-major. */
export type WritableSlice = Uint8Array | Uint16Array | Uint32Array | Float32Array;

export interface TiffWriterOptions {
  readonly width: number;
  readonly height: number;
  readonly type: WritableType;
  /** Written as ImageJ's unit and spacing where known. */
  readonly voxelSize?: VoxelSize;
  readonly compression?: 'none' | 'deflate';
  /** Display range that ImageJ shows 16-bit and float slices with. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Further lines of ImageJ's description, `key=value` in ASCII. */
  readonly notes?: readonly string[];
  /** BigTIFF even where the file would fit classic TIFF. */
  readonly alwaysBig?: boolean;
  readonly files?: FileSystem;
}

export interface TiffWriter {
  /** Writes the next slice. @throws MembranaError stack.shape-mismatch, disk.full, file.write-failed; AbortError */
  append(slice: WritableSlice, signal?: AbortSignal): Promise<void>;
  /** Completes the file and puts it in place of what was there. @returns its size in bytes */
  finish(): Promise<number>;
  /** Gives up: removes what was written; the file at the path stays what it was. Harmless after `finish`. */
  abort(): Promise<void>;
}

/** Strips of about this many bytes before compression: small enough to read a part of a slice, large enough to compress well. */
const STRIP_BYTES = 256 * 1024;
const bytesPerValue = { uint8: 1, uint16: 2, uint32: 4, float32: 4 } as const;
const compress = promisify(deflate);

/**
 * Starts a multi-page TIFF with an ImageJ description, little-endian, BigTIFF
 * when it grows beyond 4 GB. Written beside `path` under a temporary name and
 * renamed when finished, so the file at `path` is never half a stack.
 * @throws MembranaError disk.full, file.write-failed
 */
export async function createTiffWriter(
  path: string,
  options: TiffWriterOptions,
): Promise<TiffWriter> {
  const { files = nodeFileSystem } = options;
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await files.open(temporary, 'wx');
    return new StreamingWriter(path, temporary, file, files, options);
  } catch (error) {
    throw writeFailure(path, error);
  }
}

class StreamingWriter implements TiffWriter {
  private readonly pages: PageRecord[] = [];
  private readonly rowsPerStrip: number;
  private end = HEADER_BYTES;
  private state: 'open' | 'finished' | 'given-up' = 'open';

  constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: OpenFile,
    private readonly files: FileSystem,
    private readonly options: TiffWriterOptions,
  ) {
    const { width, height, type, compression = 'deflate' } = options;
    const fitting = Math.max(1, Math.floor(STRIP_BYTES / (width * bytesPerValue[type])));
    this.rowsPerStrip = compression === 'none' ? height : Math.min(height, fitting);
  }

  async append(slice: WritableSlice, signal?: AbortSignal): Promise<void> {
    await this.guarded(async () => {
      signal?.throwIfAborted();
      const bytes = this.checked(slice);
      const { width, height, type, compression = 'deflate' } = this.options;
      const stripBytes = this.rowsPerStrip * width * bytesPerValue[type];
      const strips = Array.from({ length: Math.ceil(height / this.rowsPerStrip) }, (_, strip) =>
        bytes.subarray(strip * stripBytes, (strip + 1) * stripBytes),
      );
      // The compressor's threads are libuv's; strips of one slice are few enough to queue at once.
      const stored =
        compression === 'none'
          ? strips
          : await Promise.all(strips.map(async (strip) => compress(strip)));
      const offsets: number[] = [];
      for (const strip of stored) {
        offsets.push(this.end);
        await writeAll(this.file, strip, this.end);
        // TIFF wants offsets on word boundaries.
        this.end += strip.byteLength + (strip.byteLength % 2);
      }
      this.pages.push({ offsets, byteCounts: stored.map((strip) => strip.byteLength) });
    });
  }

  async finish(): Promise<number> {
    return this.guarded(async () => {
      if (this.pages.length === 0)
        throw new MembranaError('file.write-failed', `${basename(this.path)} has no slices.`, {
          hint: 'Export at least one slice.',
          data: { file: basename(this.path) },
        });
      const { header, directories } = encodeDirectories(this.pages, this.end, {
        ...this.options,
        rowsPerStrip: this.rowsPerStrip,
        compression: this.options.compression ?? 'deflate',
      });
      await writeAll(this.file, directories, this.end);
      await writeAll(this.file, header, 0);
      await this.file.sync();
      await this.file.close();
      await renameWithPatience(this.files, this.temporary, this.path);
      this.state = 'finished';
      await flushFolder(this.files, dirname(this.path));
      return this.end + directories.byteLength;
    });
  }

  async abort(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'given-up';
    await this.file.close().catch(() => undefined);
    await unlinkIfThere(this.files, this.temporary).catch(() => undefined);
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.state !== 'open') throw new Error('the TIFF writer is closed');
    try {
      return await work();
    } catch (error) {
      await this.abort();
      throw isAbort(error) ? error : writeFailure(this.path, error);
    }
  }

  private checked(slice: WritableSlice): Uint8Array {
    const { width, height, type } = this.options;
    const types = {
      uint8: Uint8Array,
      uint16: Uint16Array,
      uint32: Uint32Array,
      float32: Float32Array,
    } as const;
    if (!(slice instanceof types[type]) || slice.length !== width * height)
      throw new MembranaError(
        'stack.shape-mismatch',
        `A slice of ${slice.length} values was given; ${width} × ${height} of ${type} are expected.`,
        {
          hint: 'This is a fault in the program; please report it.',
          data: { width, height, type },
        },
      );
    return new Uint8Array(slice.buffer, slice.byteOffset, slice.byteLength);
  }
}
