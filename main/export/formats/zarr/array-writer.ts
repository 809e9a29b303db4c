import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { bytesOf, bytesPerSample, copyRows, type PixelArray } from '#volume/pixel-array';
import type { FolderTarget } from '../folder-target';
import { arrayMetadata, type ArrayLayout, type ZarrVersion } from './array-layout';
import { ShardFile } from './shard-file';

const compress = promisify(gzip);
const LEVEL = 1;

interface Chunk {
  readonly ty: number;
  readonly tx: number;
  readonly bytes: Uint8Array;
}

/** Writes one array slice by slice; in memory are one slice and the places of the chunks of a row of shards. */
export class ArrayWriter {
  private readonly shards = new Map<string, ShardFile>();
  private z = 0;

  constructor(
    private readonly folder: FolderTarget,
    /** Folder of the array, relative, `/` between parts. */
    private readonly path: string,
    private readonly layout: ArrayLayout,
    private readonly version: ZarrVersion,
  ) {}

  /** Writes the next slice, height × width values of the array's type. */
  async append(pixels: PixelArray): Promise<void> {
    const chunks = await Promise.all(this.cut(pixels));
    if (this.version === 2)
      await this.folder.writeAll(
        chunks.map(({ ty, tx, bytes }) => [`${this.path}/${this.z}/${ty}/${tx}`, bytes] as const),
      );
    else for (const chunk of chunks) await this.addToShard(chunk);
    this.z += 1;
    if (this.z % this.layout.shard[0] === 0) await this.closeShards();
  }

  /** Writes what describes the array, once all slices are there. */
  async finish(): Promise<void> {
    await this.closeShards();
    const { name, content } = arrayMetadata(this.layout, this.version);
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await this.folder.write(`${this.path}/${name}`, new TextEncoder().encode(text));
  }

  /** Chunks reach over the border of the slice; there they are 0, which nobody reads. */
  private cut(pixels: PixelArray): Promise<Chunk>[] {
    const { shape, chunk, type } = this.layout;
    const [, height, width] = shape;
    const [, rows, columns] = chunk;
    const size = bytesPerSample(type);
    const from = bytesOf(pixels);
    const chunks: Promise<Chunk>[] = [];
    for (let y = 0; y < height; y += rows)
      for (let x = 0; x < width; x += columns) {
        const raw = new Uint8Array(rows * columns * size);
        const across = Math.min(columns, width - x) * size;
        const down = Math.min(rows, height - y);
        copyRows(from, width * size, (y * width + x) * size, raw, columns * size, 0, across, down);
        const place = { ty: y / rows, tx: x / columns };
        chunks.push(compress(raw, { level: LEVEL }).then((bytes) => ({ ...place, bytes })));
      }
    return chunks;
  }

  private async addToShard({ ty, tx, bytes }: Chunk): Promise<void> {
    const { shard, chunk } = this.layout;
    const [slices, down, across] = [shard[0], shard[1] / chunk[1], shard[2] / chunk[2]];
    const name = `c/${Math.floor(this.z / slices)}/${Math.floor(ty / down)}/${Math.floor(tx / across)}`;
    let file = this.shards.get(name);
    if (file === undefined) {
      file = await ShardFile.create(this.folder, `${this.path}/${name}`, slices * down * across);
      this.shards.set(name, file);
    }
    await file.add(((this.z % slices) * down + (ty % down)) * across + (tx % across), bytes);
  }

  private async closeShards(): Promise<void> {
    for (const shard of this.shards.values()) await shard.finish();
    this.shards.clear();
  }
}
