import { join } from 'node:path';
import type { StackInfo } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import { intersect, type Rect } from '#contract/tiles';
import type { DecodePool } from '../decode-pool';
import { readReduced } from '../reduced-region';
import { SourceFile } from '../source-file';
import type { FileList } from '../source/file-list';
import type { SourceReference } from '../source/source-identity';
import {
  assertSlice,
  type PageState,
  type Region,
  type StackSource,
  unreadableRegion,
} from '../stack-source';
import { TiffSource } from '../tiff/tiff-source';

/** Slices whose files stay open. */
const KEPT_OPEN = 64;

/** A slice whose file is open, and how many are reading it. */
interface OpenSlice {
  readonly source: Promise<TiffSource>;
  readers: number;
}

/** A folder of TIFF files of one slice each. A file that is gone or another one by now costs its own slice only. */
export class TiffSlices implements StackSource {
  readonly levels = [0];
  private readonly open = new Map<number, OpenSlice>();

  constructor(
    readonly info: StackInfo,
    readonly readUnit: StackSource['readUnit'],
    private readonly list: FileList,
    private readonly pool: DecodePool,
  ) {}

  async readRegion(z: number, rect: Rect, level: number, signal: AbortSignal): Promise<Region> {
    assertSlice(this.info, z);
    if (level > 0) return readReduced(this, z, rect, level, signal);
    signal.throwIfAborted();
    const { width, height } = this.info;
    const inside = intersect(rect, { x: 0, y: 0, width, height });
    const wanted = inside ?? { x: 0, y: 0, width: 0, height: 0 };
    return this.ofSlice(
      z,
      (slice) => slice.readRegion(0, wanted, 0, signal),
      (reason) => unreadableRegion(this.info, wanted, 'missing', reason),
    );
  }

  async pageState(z: number, decode: boolean, signal: AbortSignal): Promise<PageState> {
    assertSlice(this.info, z);
    const { width, height } = this.info;
    const state = 'missing';
    return this.ofSlice(
      z,
      (slice) => slice.pageState(0, decode, signal),
      (reason) => ({ state, bad: [{ x: 0, y: 0, width, height, state, reason }] }),
    );
  }

  async reference(): Promise<SourceReference> {
    return { path: this.list.path, identity: await this.list.identity() };
  }

  async close(): Promise<void> {
    const open = [...this.open.values()];
    this.open.clear();
    await Promise.all(open.map(closeSlice));
  }

  /** What `read` makes of a slice; what `lost` makes of the reason where its file can't be had. */
  private async ofSlice<T>(
    z: number,
    read: (slice: TiffSource) => Promise<T>,
    lost: (reason: string) => T,
  ): Promise<T> {
    const slice = this.slice(z);
    slice.readers += 1;
    try {
      return await read(await slice.source);
    } catch (error) {
      if (!(error instanceof MembranaError) || isAbort(error)) throw error;
      // Opened again the next time: the file may be back by then.
      if (this.open.get(z) === slice) this.open.delete(z);
      // With the whole folder gone it is not this slice that is missing.
      await this.list.assertUnchanged();
      return lost(error.message);
    } finally {
      slice.readers -= 1;
      if (slice.readers === 0 && this.open.get(z) !== slice) void closeSlice(slice);
    }
  }

  private slice(z: number): OpenSlice {
    const slice = this.open.get(z) ?? { source: this.openSlice(z), readers: 0 };
    this.open.delete(z);
    this.open.set(z, slice);
    for (const [oldest, old] of this.open) {
      if (this.open.size <= KEPT_OPEN) break;
      this.open.delete(oldest);
      // One that is being read is closed by its last reader.
      if (old.readers === 0) void closeSlice(old);
    }
    return slice;
  }

  private async openSlice(z: number): Promise<TiffSource> {
    const { name, place } = this.list.files[z] ?? { name: '', place: null };
    const file = await SourceFile.open(join(this.list.path, name));
    try {
      if (place !== null) file.assertSame(place);
      const slice = await TiffSource.open(file, this.pool, new AbortController().signal);
      const { width, height, type, samples } = slice.info;
      const { info } = this;
      if (
        width === info.width &&
        height === info.height &&
        type === info.type &&
        samples === info.samples
      )
        return slice;
      throw new MembranaError('stack.slices-differ', `${name} is of another size or type.`, {
        hint: 'Save all slices of the folder in one size and type.',
        data: { file: name },
      });
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

async function closeSlice({ source }: OpenSlice): Promise<void> {
  await (await source.catch(() => null))?.close();
}
