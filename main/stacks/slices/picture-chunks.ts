import { join } from 'node:path';
import { isAbort, MembranaError } from '#contract/errors';
import type { Chunk, ChunkKey, ChunkSource } from '#volume/chunk-source';
import { newPixels } from '#volume/pixel-array';
import type { VolumeInfo } from '#volume/volume-info';
import type { DecodePool } from '../decode-pool';
import type { FileList } from '../source/file-list';

/** A picture takes less than twice its pixels in a file, with room for what programs write beside them. */
const BESIDE_BYTES = 64 * 2 ** 20;

/** A folder of PNG or JPEG slices: each slice is one chunk. */
export class PictureChunks implements ChunkSource {
  constructor(
    readonly info: VolumeInfo,
    private readonly list: FileList,
    private readonly pool: DecodePool,
    private readonly pictureBytes: number,
  ) {}

  async read({ z }: ChunkKey, signal: AbortSignal): Promise<Chunk> {
    const file = this.list.files[z];
    if (file?.place == null) return this.missing(`${file?.name ?? 'its file'} is not there`);
    const request = {
      path: join(this.list.path, file.name),
      place: file.place,
      mostBytes: 2 * this.pictureBytes + BESIDE_BYTES,
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
