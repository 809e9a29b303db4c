import { join } from 'node:path';
import { isAbort, MembranaError } from '#contract/errors';
import type { Chunk, ChunkKey, ChunkSource } from '#volume/chunk-source';
import { bytesPerSample, newPixels } from '#volume/pixel-array';
import type { VolumeInfo } from '#volume/volume-info';
import type { DecodePool } from '../decode-pool';
import type { FileList } from '../source/file-list';
import type { SliceFacts } from './slice-head';

/** A picture takes less than twice its pixels in a file, with room for what programs write beside them. */
const BESIDE_BYTES = 64 * 2 ** 20;

/** A folder of PNG or JPEG slices: each slice is one chunk. */
export class PictureChunks implements ChunkSource {
  constructor(
    readonly info: VolumeInfo,
    /** What every slice is. */
    private readonly like: SliceFacts,
    private readonly list: FileList,
    private readonly pool: DecodePool,
  ) {}

  async read({ z }: ChunkKey, signal: AbortSignal): Promise<Chunk> {
    const file = this.list.files[z];
    if (file?.place == null) return this.missing(`${file?.name ?? 'its file'} is not there`);
    const { like } = this;
    const pictureBytes = like.width * like.height * like.samples * bytesPerSample(like.type);
    const request = {
      path: join(this.list.path, file.name),
      place: file.place,
      like,
      mostBytes: 2 * pictureBytes + BESIDE_BYTES,
    };
    try {
      return await this.pool.picture(request, signal);
    } catch (error) {
      if (!(error instanceof MembranaError) || isAbort(error)) throw error;
      return this.missing(error.message);
    }
  }

  private missing(reason: string): Chunk {
    return {
      pixels: newPixels(this.info.element, 0),
      problem: { state: 'missing', reason, goodRows: 0 },
    };
  }
}
