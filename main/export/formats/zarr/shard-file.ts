import { writeAll, type OpenFile } from '../../../storage/file-system';
import { crc32c } from '../../../stacks/zarr/crc32c';
import type { FolderTarget } from '../folder-target';

/** Offset and length of a chunk that a shard does not have. */
const NONE = 2n ** 64n - 1n;

/**
 * A file of many chunks as Zarr v3 has it (`sharding_indexed`): the chunks one
 * after the other as they come, then offset and length of each in the order of
 * the shard's grid, two little-endian 64-bit numbers a chunk, then the CRC-32C
 * of these.
 */
export class ShardFile {
  private end = 0;
  private readonly index: BigUint64Array;

  private constructor(
    private readonly folder: FolderTarget,
    private readonly file: OpenFile,
    chunks: number,
  ) {
    this.index = new BigUint64Array(2 * chunks).fill(NONE);
  }

  /** `chunks`: how many the shard has room for. */
  static async create(folder: FolderTarget, name: string, chunks: number): Promise<ShardFile> {
    return new ShardFile(folder, await folder.open(name), chunks);
  }

  /** `place` counts chunks of the shard, row by row. */
  async add(place: number, bytes: Uint8Array): Promise<void> {
    await writeAll(this.file, bytes, this.end);
    this.index[2 * place] = BigInt(this.end);
    this.index[2 * place + 1] = BigInt(bytes.byteLength);
    this.end += bytes.byteLength;
  }

  async finish(): Promise<void> {
    const tail = new Uint8Array(this.index.length * 8 + 4);
    const view = new DataView(tail.buffer);
    this.index.forEach((value, at) => {
      view.setBigUint64(at * 8, value, true);
    });
    view.setUint32(tail.length - 4, crc32c(tail.subarray(0, -4)), true);
    await writeAll(this.file, tail, this.end);
    await this.folder.close(this.file, this.end + tail.length);
  }
}
