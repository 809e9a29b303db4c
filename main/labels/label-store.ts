import type { Coverage, LayerElement, LayerKey } from '#contract/entities';
import type { VoxelArray } from '#volume/voxel-edit';
import { committedTiles, type TileEntry } from '../storage/recovery/commit-record';
import type { ProjectLabels } from './project-labels';

/** A layer as the newest checkpoint has it. */
export interface LayerCommit {
  readonly sequence: number;
  /** By "z/ty/tx". */
  readonly tiles: Readonly<Record<string, TileEntry>>;
}

/** Voxels of a layer of classes, which are label bytes (#contract/label-byte). */
function labelBytes(voxels: VoxelArray): Uint8Array<ArrayBuffer> {
  if (voxels instanceof Uint8Array) return voxels;
  throw new TypeError('a layer of ids has no label bytes');
}

/** The labels of one layer of one stack, as everybody but the project itself sees them. */
export class LabelStore {
  constructor(
    private readonly all: ProjectLabels,
    readonly key: LayerKey,
  ) {}

  get element(): LayerElement {
    return this.all.at(this.key).element;
  }

  /** Sequence of the last step accepted, of whatever kind and layer. */
  get lastSequence(): number {
    return this.all.lastSequence;
  }

  /** Saves one encoded edit, of whatever layers; as `ProjectLabels.append`. */
  append(encoded: Uint8Array): Promise<{ sequence: number }> {
    return this.all.append(encoded);
  }

  /** Voxels of a tile, TILE_SIZE² row by row, a copy; null where nobody has painted. */
  voxels(z: number, tx: number, ty: number): Promise<VoxelArray | null> {
    return this.all.inOrder(() => this.all.at(this.key).tile(z, tx, ty));
  }

  /** Voxels of a whole slice, width × height. */
  voxelSlice(z: number): Promise<VoxelArray> {
    return this.all.inOrder(() => this.all.at(this.key).slice(z));
  }

  /** As `voxels`, of a layer of classes: label bytes. */
  async tile(z: number, tx: number, ty: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const voxels = await this.voxels(z, tx, ty);
    return voxels && labelBytes(voxels);
  }

  /** As `voxelSlice`, of a layer of classes: label bytes. */
  async slice(z: number): Promise<Uint8Array<ArrayBuffer>> {
    return labelBytes(await this.voxelSlice(z));
  }

  /** Resolves when everything acknowledged so far is in `coverage` too, which may be a moment behind. */
  settled(): Promise<void> {
    return this.all.inOrder(() => Promise.resolve());
  }

  /** Reviewed pixels of every slice that has any, ascending. */
  coverage(): Coverage[] {
    return this.all.at(this.key).coverage.list();
  }

  /** Calls back with the slices that changed; returns the disposer. */
  onCoverage(listener: (slices: readonly Coverage[]) => void): () => void {
    return this.all.at(this.key).coverage.onChange(listener);
  }

  /** Sequence of the last change of a slice: larger is newer, 0 = before sequences were kept. */
  changedAt(z: number): number {
    return this.all.at(this.key).changedAt(z);
  }

  reviewedSlices(): number[] {
    return this.coverage().map(({ z }) => z);
  }

  /** As `ProjectLabels.checkpoint`, of all layers. */
  checkpoint(): Promise<void> {
    return this.all.checkpoint();
  }

  /** As `ProjectLabels.atCheckpoint`, with what its record has of this layer. */
  atCheckpoint<T>(work: (commit: LayerCommit | null) => Promise<T>): Promise<T> {
    return this.all.atCheckpoint((record) =>
      work(record && { sequence: record.sequence, tiles: committedTiles(record, this.key) }),
    );
  }

  /** As `ProjectLabels.stop`. */
  stop(reason: string): void {
    this.all.stop(reason);
  }
}
