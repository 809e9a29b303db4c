import { dirname, join } from 'node:path';
import { noConditioning, type Conditioning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { ModelId, type StackId } from '#contract/ids';
import { tileCount, TILE_SIZE, type TileAddress } from '#contract/tiles';
import { sliceMark } from '#contract/slice-marks';
import { writeFileAtomic } from '../../storage/atomic-file';
import { fileNumber, parseFileNumber } from '../../storage/file-number';
import { makeFolderDurably, systemCode, type FileSystem } from '../../storage/file-system';
import {
  encodePrediction,
  readPredictionHeader,
  readPredictionTile,
  readTileStreams,
  type OpenPrediction,
  type ReadAt,
  type TileStreams,
} from './prediction-file';
import { writeFailure } from '../../storage/write-errors';

export interface PredictionStoreParts {
  readonly files: FileSystem;
  readonly project: string;
  readonly stack: StackId;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly writable: () => void;
  /** A step took it out of view. */
  readonly hides: (model: ModelId, z: number) => boolean;
  /** A map was made anew, so it is in view. */
  readonly written: (model: ModelId, z: number) => void;
  readonly onWarning: (error: MembranaError) => void;
}

export interface Prediction {
  readonly model: ModelId;
  readonly z: number;
}

/**
 * Membrane probability maps, one byte a pixel (0 = 0, 255 = 1), by model and
 * slice. They can be made again, so a damaged one counts as absent.
 */
export class PredictionStore {
  private readonly known = new Map<ModelId, Set<number>>();
  /** Slices that have the map of a class, by model and class. */
  private readonly knownClasses = new Map<string, Set<number>>();
  private readonly editions = new Map<string, number>();

  private constructor(private readonly parts: PredictionStoreParts) {}

  static async open(parts: PredictionStoreParts): Promise<PredictionStore> {
    const store = new PredictionStore(parts);
    try {
      await store.find();
    } catch (error) {
      // They can be made again: what lies in their place costs them alone.
      if (!(error instanceof MembranaError)) throw error;
      parts.onWarning(error);
    }
    return store;
  }

  /** Which maps there are of the slices of the stack. */
  private async find(): Promise<void> {
    const { parts } = this;
    const folder = this.stackFolder();
    for (const name of await parts.files.list(folder)) {
      const model = ModelId.safeParse(name);
      if (!model.success || (await parts.files.status(join(folder, name)))?.kind !== 'folder')
        continue;
      for (const file of await parts.files.list(join(folder, name))) {
        const found = /^z(\d+)(?:\.class-([1-9]\d{0,2}))?\.map$/.exec(file);
        const z = parseFileNumber(found?.[1]);
        if (z === null || z >= parts.depth) continue;
        const id = found?.[2];
        if (id === undefined) this.slicesOf(model.data).add(z);
        else this.slicesOfClass(model.data, Number(id)).add(z);
      }
    }
  }

  private stackFolder(): string {
    return join(this.parts.project, 'predictions', this.parts.stack);
  }

  /** The file of a slice's map; of membrane where no class is named. */
  path(model: ModelId, z: number, id: number | null = null): string {
    const own = id === null ? '' : `.class-${String(id)}`;
    return join(this.stackFolder(), model, `z${fileNumber(z)}${own}.map`);
  }

  private slicesOfClass(model: ModelId, id: number): Set<number> {
    const key = `${model} ${String(id)}`;
    const slices = this.knownClasses.get(key) ?? new Set();
    this.knownClasses.set(key, slices);
    return slices;
  }

  private slicesOf(model: ModelId): Set<number> {
    const slices = this.known.get(model) ?? new Set();
    this.known.set(model, slices);
    return slices;
  }

  /** Every map in view, by model, then slice. */
  list(): Prediction[] {
    return [...this.known].flatMap(([model, slices]) =>
      [...slices]
        .filter((z) => !this.parts.hides(model, z))
        .sort((a, b) => a - b)
        .map((z) => ({ model, z })),
    );
  }

  /**
   * Replaces the map of slice `z`, width × height bytes, made after
   * `conditioning`, and those of the model's other classes: these first, so
   * that where there is a map of membrane the others are no older.
   *
   * @throws MembranaError stack.shape-mismatch, project.read-only, disk.full, file.write-failed
   */
  async write(
    model: ModelId,
    z: number,
    probability: Uint8Array,
    conditioning = noConditioning,
    classes: readonly { readonly id: number; readonly probability: Uint8Array }[] = [],
  ): Promise<void> {
    this.parts.writable();
    for (const { id, probability: own } of classes) {
      await this.writeMap(model, z, id, own, conditioning);
      this.slicesOfClass(model, id).add(z);
    }
    await this.writeMap(model, z, null, probability, conditioning);
    this.slicesOf(model).add(z);
    this.editions.set(`${model} ${String(z)}`, this.edition(model, z) + 1);
    this.parts.written(model, z);
  }

  private async writeMap(
    model: ModelId,
    z: number,
    id: number | null,
    probability: Uint8Array,
    conditioning: Conditioning,
  ): Promise<void> {
    const { files, width, height } = this.parts;
    if (probability.length !== width * height)
      throw new MembranaError(
        'stack.shape-mismatch',
        `A probability map of ${String(probability.length)} pixels does not fit a slice of ${String(width)} × ${String(height)}.`,
        { hint: 'Segment the slice again.', data: { slice: z, width, height } },
      );
    const place = { model, z, conditioning, class: id };
    const bytes = await encodePrediction(place, probability, width, height);
    const path = this.path(model, z, id);
    await makeFolderDurably(files, dirname(path)).catch((error: unknown) => {
      throw writeFailure(path, error);
    });
    await writeFileAtomic(path, bytes, { files });
  }

  /** What was done to the slice before its map was made; null where there is no map. */
  conditioning(model: ModelId, z: number): Promise<Conditioning | null> {
    return this.reading(model, z, null, (_, { header }) => Promise.resolve(header.conditioning));
  }

  /** In view or not (the window knows which are): TILE_SIZE² bytes of a tile, 0 outside the slice; null where there is no map (of membrane where no class is named). Level n is n times halved by 2 × 2 means. */
  tile(
    model: ModelId,
    z: number,
    level: number,
    tx: number,
    ty: number,
    id: number | null = null,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.reading(model, z, id, async (readAt, { header, start }) => {
      const index = header.tiles.find(
        (tile) => tile.level === level && tile.tx === tx && tile.ty === ty,
      );
      return index ? readPredictionTile(readAt, start, index) : 'absent';
    });
  }

  /** The stored streams of some tiles of a level (as `tile` says), in the order of `tiles`; null where there is no map, or not of all of them: `tile` finds out. */
  streams(
    model: ModelId,
    z: number,
    level: number,
    tiles: readonly TileAddress[],
    id: number | null = null,
  ): Promise<TileStreams | null> {
    return this.reading(model, z, id, async (readAt, { header, start }) => {
      const here = new Map(
        header.tiles
          .filter((tile) => tile.level === level)
          .map((tile) => [`${String(tile.tx)}/${String(tile.ty)}`, tile]),
      );
      const found = tiles.map(({ tx, ty }) => here.get(`${String(tx)}/${String(ty)}`));
      if (found.length === 0 || !found.every((tile) => tile !== undefined)) return 'absent';
      return (await readTileStreams(readAt, start, found)) ?? 'absent';
    });
  }

  /** The whole map of a slice in view, width × height bytes, of membrane where no class is named; null where there is none. */
  async slice(
    model: ModelId,
    z: number,
    id: number | null = null,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const { width, height, hides } = this.parts;
    if (hides(model, z)) return null;
    const out = new Uint8Array(width * height);
    const put = (tile: Uint8Array, start: number, length: number, x: number, y: number): void => {
      out.set(tile.subarray(start, start + length), y * width + x);
    };
    const whole = await this.rows(model, z, put, undefined, id);
    return whole ? out : null;
  }

  /**
   * Goes through the map of a slice, in view or not, tile by tile: `row` gets
   * `length` bytes of a tile from `start` on, which lie at (x, y) of the slice.
   * False where there is no map, or part of it is damaged.
   */
  async rows(
    model: ModelId,
    z: number,
    row: (tile: Uint8Array, start: number, length: number, x: number, y: number) => void,
    signal?: AbortSignal,
    id: number | null = null,
  ): Promise<boolean> {
    const { width, height } = this.parts;
    const read = await this.reading(model, z, id, async (readAt, { header, start }) => {
      const tiles = header.tiles.filter(({ level }) => level === 0);
      if (tiles.length !== tileCount(width) * tileCount(height)) return null;
      for (const index of tiles) {
        if (signal?.aborted === true) return 'absent';
        const tile = await readPredictionTile(readAt, start, index);
        if (!tile) return null;
        const [left, top] = [index.tx * TILE_SIZE, index.ty * TILE_SIZE];
        const columns = Math.min(TILE_SIZE, width - left);
        const rows = Math.min(TILE_SIZE, height - top);
        for (let y = 0; y < rows; y += 1) row(tile, y * TILE_SIZE, columns, left, top + y);
      }
      return true;
    });
    signal?.throwIfAborted();
    return read ?? false;
  }

  /** Whether a slice in view has the map of a class. */
  hasClass(model: ModelId, z: number, id: number): boolean {
    return this.slicesOfClass(model, id).has(z) && !this.parts.hides(model, z);
  }

  /** Another number whenever the map of a slice was made anew. */
  edition(model: ModelId, z: number): number {
    return this.editions.get(`${model} ${String(z)}`) ?? 0;
  }

  /** Runs `read` on the map's file; null from it means damage, 'absent' that there is no such part. */
  private async reading<Result>(
    model: ModelId,
    z: number,
    id: number | null,
    read: (readAt: ReadAt, open: OpenPrediction) => Promise<Result | null | 'absent'>,
  ): Promise<Result | null> {
    const known = id === null ? this.slicesOf(model) : this.slicesOfClass(model, id);
    if (!known.has(z)) return null;
    const { files, width, height } = this.parts;
    try {
      const handle = await files.open(this.path(model, z, id), 'r');
      try {
        const readAt: ReadAt = async (offset, length) => {
          const bytes = new Uint8Array(length);
          let filled = 0;
          while (filled < length) {
            const count = await handle.read(bytes, filled, length - filled, offset + filled);
            if (count === 0) break;
            filled += count;
          }
          return bytes.subarray(0, filled);
        };
        const open = await readPredictionHeader(readAt);
        const fits =
          open?.header.width === width && open.header.height === height && open.header.class === id;
        const result = open && fits ? await read(readAt, open) : null;
        if (result === 'absent') return null;
        if (!result) this.forget(model, z, id, 'its checksum does not match');
        return result;
      } finally {
        await handle.close();
      }
    } catch (error) {
      this.forget(model, z, id, systemCode(error) || String(error));
      return null;
    }
  }

  private forget(model: ModelId, z: number, id: number | null, reason: string): void {
    const known = id === null ? this.slicesOf(model) : this.slicesOfClass(model, id);
    if (!known.delete(z)) return;
    const what = id === null ? 'The prediction' : `The prediction of class ${String(id)}`;
    this.parts.onWarning(
      new MembranaError(
        'file.unreadable',
        `${what} of slice ${sliceMark(z)} is damaged (${reason}) and was left out.`,
        {
          hint: 'Segment the slice again.',
          data: { slice: z, model, reason, ...(id === null ? {} : { class: id }) },
        },
      ),
    );
  }
}
