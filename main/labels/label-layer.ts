import type { LabelClass, LayerElement, LayerKey, VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import { newVoxels, type LayerEdit, type VoxelArray } from '#volume/voxel-edit';
import { decodeEdit } from '#volume/voxel-edit-codec';
import type { LayerPlace, ProjectPlace } from './checkpoint';
import { LabelCoverage } from './label-coverage';
import type { ImageShape } from './label-image';
import { countLabels, tileKey, type LabelTile, type LabelTiles } from './label-tiles';
import { readStoredTile, type StoredTile } from './stored-tile';
import { committedTiles, readCommits, type CommitRecords } from '../storage/recovery/commit-record';
import type { Journal } from '../storage/journal/journal';
import { journalFolder } from '../storage/journal/journal-segment';
import { readRecordsAfter } from '../storage/journal/merge-records';

/** What a project says of a layer of its. */
export interface LayerFacts {
  readonly name: string;
  readonly element: LayerElement;
  readonly shape: ImageShape;
  readonly voxelSize: VoxelSize;
  readonly classes: readonly LabelClass[];
  /** A layer that was removed, by itself or with its stack, keeps its labels for undo. */
  readonly state: 'listed' | 'removed';
}

/** How far all layers of a project are, on the disk and in memory. */
export interface LabelsState {
  /** The checkpoints on the disk. */
  records: CommitRecords;
  /** Sequence of the last edit that is in the tiles. */
  applied: number;
}

export interface LayerParts extends ProjectPlace {
  readonly state: LabelsState;
  readonly tiles: LabelTiles;
  /** Null for a project that is open read-only. */
  readonly journal: Journal | null;
  /** Something on the disk was damaged; painting goes on. */
  readonly onWarning: (error: MembranaError) => void;
}

/**
 * The tiles of one layer, in memory over its images on the disk. Its callers
 * take turns: nothing here may run beside a change of the same project.
 */
export class LabelLayer implements LayerKey {
  readonly coverage = new LabelCoverage();
  readonly stack: LayerKey['stack'];
  readonly layer: LayerKey['layer'];
  /** Tiles of which the disk has a damaged copy until the next checkpoint. */
  readonly repaired = new Set<string>();
  private readonly place: LayerPlace;
  /** Sequence of the last change of a slice, as far as the disk knows it; newer than any checkpoint since. */
  private readonly changes = new Map<number, number>();

  constructor(
    { stack, layer }: LayerKey,
    readonly element: LayerElement,
    private readonly shape: ImageShape,
    private readonly parts: LayerParts,
  ) {
    this.stack = stack;
    this.layer = layer;
    const { files, project } = parts;
    this.place = { files, project, stack, layer, element };
    const stored = committedTiles(parts.state.records.commits[0], this);
    this.coverage.load(stored);
    for (const [key, { changed = 0 }] of Object.entries(stored))
      this.noteChange(Number.parseInt(key, 10), changed);
  }

  /** Name of a tile among those of all layers. */
  nameOf(key: string): string {
    return `${this.stack}/${this.layer}/${key}`;
  }

  private noteChange(z: number, sequence: number): void {
    this.changes.set(z, Math.max(sequence, this.changes.get(z) ?? 0));
  }

  /** Sequence of the last change of a slice, rounded up to its checkpoint where it was made before this opening; 0 = long ago. */
  changedAt(z: number): number {
    return this.changes.get(z) ?? 0;
  }

  /** Writes its part of an edit into the tiles. */
  async write({ chunks }: LayerEdit, sequence: number): Promise<void> {
    for (const chunk of chunks) {
      this.noteChange(chunk.z, sequence);
      const key = tileKey(chunk.z, chunk.tx, chunk.ty);
      const tile =
        (await this.load(key)) ??
        this.parts.tiles.put(this.nameOf(key), newVoxels(this.element, TILE_PIXELS));
      this.coverage.add(key, this.parts.tiles.apply(tile, chunk));
    }
  }

  private async load(key: string): Promise<LabelTile | null> {
    const { tiles, state } = this.parts;
    const inMemory = tiles.get(this.nameOf(key));
    if (inMemory) return inMemory;
    const stored = await this.stored(key);
    if (!stored) return null;
    const { voxels, sequence, damaged } = stored;
    const tile = tiles.put(this.nameOf(key), voxels);
    const newest = state.records.commits[0]?.sequence ?? 0;
    if (damaged || sequence < newest) await this.rebuild(key, tile, sequence);
    // A checkpoint that was cut short may have written more than the last record counts.
    else if (state.records.pending.length > 0) this.coverage.set(key, countLabels(tile.voxels));
    return tile;
  }

  private async stored(key: string): Promise<StoredTile | null> {
    const { state, journal, files, project } = this.parts;
    const found = await readStoredTile(this.place, state.records, key);
    if (journal || !found || found.sequence >= 0) return found;
    // Read-only beside a writer: it may have made a checkpoint since we looked.
    state.records = await readCommits(files, journalFolder(project));
    return readStoredTile(this.place, state.records, key);
  }

  /** Brings a tile from an older generation up to date with the edits that the journal still has. */
  private async rebuild(key: string, tile: LabelTile, after: number): Promise<void> {
    const { files, project, journal, state, tiles } = this.parts;
    const records =
      journal?.readAfter(after) ?? readRecordsAfter(files, journalFolder(project), after);
    tile.dirty = true;
    this.repaired.add(key);
    let next = after + 1;
    let lost = after < 0;
    for await (const record of records) {
      if (record.sequence > state.applied) break;
      if (record.sequence > next) lost = true;
      next = record.sequence + 1;
      if (record.kind !== 'label-patch') continue;
      for (const edit of decodeEdit(record.payload).layers) {
        if (edit.stack !== this.stack || edit.layer !== this.layer) continue;
        for (const chunk of edit.chunks)
          if (tileKey(chunk.z, chunk.tx, chunk.ty) === key) tiles.apply(tile, chunk);
      }
    }
    this.coverage.set(key, countLabels(tile.voxels));
    const z = Number.parseInt(key, 10);
    this.parts.onWarning(
      new MembranaError(
        'project.corrupt',
        lost
          ? `Labels of slice ${sliceMark(z)} are damaged on the disk and were rebuilt as far as the journal goes.`
          : `Labels of slice ${sliceMark(z)} were damaged on the disk and have been rebuilt.`,
        {
          hint: 'Check the disk, and look at that slice.',
          data: { slice: z, tile: key, complete: !lost },
        },
      ),
    );
  }

  /** Voxels of a tile, a copy; null where nobody has painted. */
  async tile(z: number, tx: number, ty: number): Promise<VoxelArray | null> {
    return (await this.load(tileKey(z, tx, ty)))?.voxels.slice() ?? null;
  }

  /** Voxels of a whole slice, width × height. */
  async slice(z: number): Promise<VoxelArray> {
    const { width, height } = this.shape;
    const out = newVoxels(this.element, width * height);
    for (let ty = 0; ty < tileCount(height); ty += 1)
      for (let tx = 0; tx < tileCount(width); tx += 1) {
        const tile = await this.load(tileKey(z, tx, ty));
        if (!tile) continue;
        const left = tx * TILE_SIZE;
        const columns = Math.min(TILE_SIZE, width - left);
        const rows = Math.min(TILE_SIZE, height - ty * TILE_SIZE);
        for (let row = 0; row < rows; row += 1)
          out.set(
            tile.voxels.subarray(row * TILE_SIZE, row * TILE_SIZE + columns),
            (ty * TILE_SIZE + row) * width + left,
          );
      }
    return out;
  }

  /** A tile that is not on the disk as it should be is written with the next checkpoint. */
  async bringBack(key: string): Promise<void> {
    const tile = this.parts.tiles.get(this.nameOf(key));
    if (!tile) {
      await this.load(key);
      return;
    }
    tile.dirty = true;
    this.repaired.add(key);
  }
}
