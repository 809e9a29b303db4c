import type { Chunk, ChunkKey, ChunkSource } from '#volume/chunk-source';
import type { DecodePool } from '../decode-pool';
import type { SourceFile } from '../source-file';
import type { Hdf5Structure } from './hdf5-structure';

/** The chunks of a dataset in a HDF5 file that is open here. */
export class Hdf5Chunks implements ChunkSource {
  readonly info;

  constructor(
    private readonly file: SourceFile,
    private readonly token: string,
    private readonly structure: Hdf5Structure,
    private readonly pool: DecodePool,
  ) {
    this.info = structure.volume;
  }

  read(key: ChunkKey, signal: AbortSignal): Promise<Chunk> {
    const { dataset, plan } = this.structure;
    const { x, y, z, c } = plan;
    const start = dataset.unit.map(() => 0);
    const place = (axis: number | null, chunk: number): void => {
      if (axis !== null) start[axis] = chunk * (dataset.unit[axis] ?? 1);
    };
    place(x, key.x);
    place(y, key.y);
    place(z, key.z);
    if (c !== null) start[c] = key.channel;
    return this.file.lend((file) => {
      const lent = { file, size: this.file.size, token: this.token };
      return this.pool.hdf5Box({ lent, dataset, axes: { x, y, z, c }, start }, signal);
    });
  }
}
