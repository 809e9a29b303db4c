import { join } from 'node:path';
import { type AsyncReadable, CodecPipelineError, open } from 'zarrita';
import { isAbort } from '#contract/errors';
import type { Chunk, ChunkProblem } from '#volume/chunk-source';
import { bytesOf, newPixels, type PixelArray } from '#volume/pixel-array';
import type { Extent } from '#volume/volume-info';
import { openAtOnce } from '../source/open-at-once';
import { isNotThere } from '../source-file';
import { widenHalf } from '../tiff/pixels/unpack-samples';
import type { ZarrArray } from './zarr-array';
import { mostBytes, useBoundedCodecs } from './zarr-codecs';

/** A chunk of an array to decode: by its place in the grid, and which of its channels. */
export interface ZarrChunkRequest {
  /** The array's folder. */
  readonly folder: string;
  readonly array: ZarrArray;
  readonly place: readonly number[];
  /** Strides are looked up by axis: x, y, z (null = a single slice), c and the channel within the chunk. */
  readonly axes: {
    readonly x: number;
    readonly y: number;
    readonly z: number | null;
    readonly c: number | null;
  };
  readonly channel: number;
}

/** Why a chunk's bytes can't be had. */
class Unreadable extends Error {
  constructor(
    readonly state: ChunkProblem['state'],
    message: string,
  ) {
    super(message);
  }
}

/** The array's metadata from memory, its chunks from the disk; never more bytes than a chunk can need. */
class ChunkFiles implements AsyncReadable {
  /** Whether a file of the chunk was there, and whether any of the chunk's bytes came out of it. */
  found = false;
  delivered = false;

  constructor(private readonly request: ZarrChunkRequest) {}

  private get most(): number {
    const { chunk, stored } = this.request.array;
    return mostBytes(chunk, stored);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const { array } = this.request;
    if (key === (array.format === 2 ? '/.zarray' : '/zarr.json'))
      return new TextEncoder().encode(array.document);
    if (/\/(\.z|zarr\.json)/.test(key)) return undefined;
    return this.bytes(key, (size) => {
      if (size > this.most)
        throw new Unreadable('corrupt', `its file has ${size} bytes, more than a chunk can need`);
      return { at: 0, length: size, delivers: true };
    });
  }

  getRange(
    key: string,
    range: { offset: number; length: number } | { suffixLength: number },
  ): Promise<Uint8Array | undefined> {
    return this.bytes(key, (size) => {
      if ('suffixLength' in range) {
        const { suffixLength } = range;
        if (suffixLength > size)
          throw new Unreadable('truncated', `its shard ends after ${size} bytes`);
        return { at: size - suffixLength, length: suffixLength, delivers: false };
      }
      const { offset, length } = range;
      if (!(offset + length <= size))
        throw new Unreadable(
          'truncated',
          `its shard ends after ${size} bytes, before the chunk does`,
        );
      if (length > this.most)
        throw new Unreadable('corrupt', `it takes ${length} bytes, more than a chunk can need`);
      return { at: offset, length, delivers: true };
    });
  }

  private async bytes(
    key: string,
    which: (size: number) => {
      readonly at: number;
      readonly length: number;
      readonly delivers: boolean;
    },
  ): Promise<Uint8Array | undefined> {
    try {
      const handle = await openAtOnce(join(this.request.folder, ...key.split('/')));
      try {
        const stats = await handle.stat();
        if (!stats.isFile())
          throw new Unreadable('corrupt', 'something else is in the place of its file');
        this.found = true;
        const { at, length, delivers } = which(stats.size);
        this.delivered ||= delivers;
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length;) {
          const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
          if (bytesRead === 0) throw new Unreadable('truncated', 'its file became shorter');
          done += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }
}

/**
 * Reads and decodes one chunk; what is wrong with it is told, never thrown.
 * A chunk whose file is not there is missing: the rules of Zarr let its place be
 * taken for the fill value, but a copy that did not finish looks the same, and
 * values that nobody measured are no data. A shard that is there and says by its
 * index that it leaves a chunk out has declared it: that chunk is all fill value.
 */
export async function decodeZarrChunk(request: ZarrChunkRequest): Promise<Chunk> {
  useBoundedCodecs();
  const { array, place } = request;
  const files = new ChunkFiles(request);
  try {
    const kind = { kind: 'array', attrs: false } as const;
    const opened = await (array.format === 2 ? open.v2(files, kind) : open.v3(files, kind));
    const { data, shape, stride } = await opened.getChunk([...place]);
    if (!files.found) return failed(array, 'missing', 'its chunk is not there');
    if (!files.delivered && !array.isFillKnown)
      return failed(
        array,
        'missing',
        `its shard leaves it out, and what stands for it (fill_value) is no value of ${array.type}`,
      );
    const values = valuesOf(data);
    const wanted = shape.reduce((product, length) => product * length, 1);
    if (values === null || values.length < wanted)
      return failed(
        array,
        'truncated',
        `its chunk holds ${values?.length ?? 0} of ${wanted} values`,
      );
    const cut = inOrder(values, { shape, stride }, request);
    return { pixels: shown(cut, array), problem: null };
  } catch (error) {
    if (isAbort(error)) throw error;
    if (error instanceof Unreadable) return failed(array, error.state, error.message);
    return failed(array, 'corrupt', reasonOf(error));
  }
}

function failed({ type }: ZarrArray, state: ChunkProblem['state'], reason: string): Chunk {
  return { pixels: newPixels(type, 0), problem: { state, reason, goodRows: 0 } };
}

function reasonOf(error: unknown): string {
  if (error instanceof CodecPipelineError) {
    const cause = error.cause instanceof Error ? error.cause.message : 'it failed';
    return `${(error.codec ?? 'a codec').replace(/^numcodecs\./, '')}: ${cause}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function valuesOf(data: unknown): PixelArray | null {
  const known = [
    Uint8Array,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    BigUint64Array,
    BigInt64Array,
    Float32Array,
    Float64Array,
  ] as const;
  for (const one of known)
    if (data instanceof one && data.buffer instanceof ArrayBuffer) return data as PixelArray;
  return null;
}

/** The wanted channel of a decoded chunk in the order z, y, x. */
function inOrder(
  values: PixelArray,
  { shape, stride }: { readonly shape: readonly number[]; readonly stride: readonly number[] },
  { axes, channel, array }: ZarrChunkRequest,
): PixelArray {
  const of = (axis: number | null, list: readonly number[], none: number): number =>
    axis === null ? none : (list[axis] ?? none);
  const size: Extent = {
    x: of(axes.x, shape, 1),
    y: of(axes.y, shape, 1),
    z: of(axes.z, shape, 1),
  };
  const step: Extent = {
    x: of(axes.x, stride, 1),
    y: of(axes.y, stride, 1),
    z: of(axes.z, stride, 0),
  };
  const start = channel * of(axes.c, stride, 0);
  const count = size.x * size.y * size.z;
  const packed = step.x === 1 && step.y === size.x && (size.z === 1 || step.z === size.x * size.y);
  if (packed && start === 0 && values.length === count) return values;
  const pixels = newPixels(array.stored, count);
  const from = bytesOf(values);
  const to = bytesOf(pixels);
  const bytes = values.BYTES_PER_ELEMENT;
  for (let z = 0, at = 0; z < size.z; z += 1)
    for (let y = 0; y < size.y; y += 1) {
      const row = start + z * step.z + y * step.y;
      if (step.x === 1) {
        to.set(from.subarray(row * bytes, (row + size.x) * bytes), at * bytes);
        at += size.x;
        continue;
      }
      for (let x = 0; x < size.x; x += 1, at += 1) {
        const place = (row + x * step.x) * bytes;
        for (let byte = 0; byte < bytes; byte += 1) to[at * bytes + byte] = from[place + byte] ?? 0;
      }
    }
  return pixels;
}

/** Halves become singles, truth values 0 and 255. */
function shown(values: PixelArray, { type, bool }: ZarrArray): PixelArray {
  if (bool) return Uint8Array.from(bytesOf(values), (value) => (value === 0 ? 0 : 255));
  if (type !== 'float16') return values;
  return widenHalf(bytesOf(values));
}
