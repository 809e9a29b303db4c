import type { LayerKey } from '#contract/entities';
import type { VoxelArray } from '#volume/voxel-edit';
import { writeCheckpoint, type ChangedLayer, type ProjectPlace } from './checkpoint';
import type { FindLayer } from './edit-check';
import { writeImageMetadata } from './label-adoption';
import type { LabelLayer, LabelsState } from './label-layer';
import type { LabelTiles } from './label-tiles';
import type { Journal } from '../storage/journal/journal';
import { journalFolder } from '../storage/journal/journal-segment';
import { readCommits } from '../storage/recovery/commit-record';
import { writeFailure } from '../storage/write-errors';

/** Changed tiles of all layers as they were at one moment, by `LabelLayer.nameOf`. */
export interface Frozen {
  readonly tiles: ReadonlyMap<string, VoxelArray>;
  readonly sequence: number;
}

export interface FoldingParts extends ProjectPlace {
  readonly state: LabelsState;
  readonly tiles: LabelTiles;
  readonly find: FindLayer;
  /** The tiles of a layer. */
  readonly at: (key: LayerKey) => LabelLayer;
  /** Layers that somebody has read or painted. */
  readonly layers: () => Iterable<LabelLayer>;
  /** Up to which of these records the journal may forget, for all that labels don't keep. */
  readonly release: (sequence: number) => Promise<number>;
  readonly undoBytes: number;
}

/** Takes what changed in memory over to the images on the disk, all layers at once. */
export class LabelFolding {
  private readonly described = new Set<string>();

  constructor(private readonly parts: FoldingParts) {}

  /** What of the frozen tiles belongs to each layer. */
  private changedLayers(frozen: ReadonlyMap<string, VoxelArray>): ChangedLayer[] {
    const changed: ChangedLayer[] = [];
    for (const one of this.parts.layers()) {
      const prefix = one.nameOf('');
      const own = [...frozen].filter(([name]) => name.startsWith(prefix));
      if (own.length === 0) continue;
      const { stack, layer, element, repaired } = one;
      const tiles = new Map(own.map(([name, voxels]) => [name.slice(prefix.length), voxels]));
      changed.push({ stack, layer, element, tiles, repaired });
    }
    return changed;
  }

  /**
   * Folds frozen tiles into the images and drops journal segments that nothing
   * needs any more.
   *
   * @throws MembranaError disk.full, file.write-failed; the tiles count as changed again
   */
  async fold({ tiles, sequence }: Frozen, journal: Journal): Promise<void> {
    const { project, state, undoBytes, at } = this.parts;
    const layers = this.changedLayers(tiles);
    let written = false;
    try {
      for (const one of layers) await this.describe(one);
      const { generation } = journal;
      const { records, foreign } = await writeCheckpoint(this.parts, state.records, {
        ...{ layers, sequence, generation },
      });
      state.records = records;
      written = true;
      for (const one of layers) for (const key of one.tiles.keys()) at(one).repaired.delete(key);
      await journal.folded(sequence);
      for (const { tile, ...key } of foreign) await at(key).bringBack(tile);
      const kept = state.records.commits[1]?.sequence;
      // What brings a tile back is in the journal until the next checkpoint.
      if (kept !== undefined && foreign.length === 0)
        await journal.drop(await this.parts.release(kept), undoBytes);
    } catch (error) {
      if (!written) await this.noteFailedAttempt();
      throw writeFailure(project, error);
    } finally {
      this.parts.tiles.thaw(tiles, written);
    }
  }

  /** The next attempt needs a number of its own, and to know the chunks that this one has written. */
  private async noteFailedAttempt(): Promise<void> {
    const { files, project, state } = this.parts;
    const { records } = state;
    const lastNumber = records.lastNumber + 1;
    try {
      const found = await readCommits(files, journalFolder(project));
      const numbers = { lastNumber: Math.max(lastNumber, found.lastNumber) };
      state.records = { ...records, pending: found.pending, ...numbers };
    } catch {
      state.records = { ...records, lastNumber };
    }
  }

  /** Forgets what the images are known to say of themselves. */
  forget(): void {
    this.described.clear();
  }

  /** Writes the metadata of a layer's images where it may not be what the project says. */
  async describe(key: LayerKey): Promise<void> {
    const name = `${key.stack}/${key.layer}`;
    const facts = this.parts.find(key);
    if (this.described.has(name) || !facts) return;
    await writeImageMetadata(this.parts, key, facts);
    this.described.add(name);
  }
}
