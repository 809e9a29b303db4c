import { join } from 'node:path';
import type { Chunk, ChunkKey, ChunkSource } from '#volume/chunk-source';
import { newPixels } from '#volume/pixel-array';
import type { DecodePool } from '../decode-pool';
import type { ZarrStructure } from './zarr-structure';

/** The chunks of an OME-Zarr in a folder. */
export class ZarrChunks implements ChunkSource {
  readonly info;

  constructor(
    private readonly folder: string,
    private readonly structure: ZarrStructure,
    private readonly pool: DecodePool,
  ) {
    this.info = structure.volume;
  }

  async read(key: ChunkKey, signal: AbortSignal): Promise<Chunk> {
    const { volume, arrays, plan } = this.structure;
    const level = volume.levels.findIndex(({ halvings }) => halvings === key.level);
    const found = arrays[level];
    if (found === undefined) {
      const problem = {
        state: 'missing',
        reason: 'there is no such resolution',
        goodRows: 0,
      } as const;
      return { pixels: newPixels(volume.element, 0), problem };
    }
    const { array, path } = found;
    const inChunk = plan.c === null ? 1 : (array.chunk[plan.c] ?? 1);
    const place = new Array<number>(plan.rank).fill(0);
    place[plan.x] = key.x;
    place[plan.y] = key.y;
    if (plan.z !== null) place[plan.z] = key.z;
    if (plan.c !== null) place[plan.c] = Math.floor(key.channel / inChunk);
    const { x, y, z, c } = plan;
    const request = {
      folder: join(this.folder, ...path.split('/')),
      array,
      place,
      axes: { x, y, z, c },
      channel: key.channel % inChunk,
    };
    return this.pool.zarrChunk(request, signal);
  }
}
