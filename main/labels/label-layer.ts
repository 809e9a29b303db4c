import { MembranaError } from '#contract/errors';
import type { LabelPatch } from '#contract/label-patch';
import { decodePatch } from '#contract/label-patch-codec';
import { TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import { sliceMark } from '#contract/slice-marks';
import { readStoredTile, writeCheckpoint, type LayerPlace } from './checkpoint';
import {
  readCommits,
  type CommitRecord,
  type CommitRecords,
} from '../storage/recovery/commit-record';
import type { Journal } from '../storage/journal/journal';
import type { JournalRecord } from '../storage/journal/journal-record';
import { journalFolder } from '../storage/journal/journal-segment';
import { readRecordsAfter } from '../storage/journal/merge-records';
import type { Ledger } from '../storage/recovery/ledger';
import type { Recovered } from '../storage/recovery/recovery';
import { writeFailure } from '../storage/write-errors';
import { adoptChunks, type LabelDescription } from './label-adoption';
import { LabelCoverage } from './label-coverage';
import { joinPlanes, type ImageShape } from './label-image';
import { countLabels, LabelTiles, tileKey, type LabelTile } from './label-tiles';
import { checkPatch } from './patch-check';

export interface LabelBudgets {
  /** Label tiles kept in memory. */
  readonly cacheBytes: number;
  /** Changed tiles that start a checkpoint. */
  readonly dirtyBytes: number;
  /** Longest time that a change waits for a checkpoint. */
  readonly checkpointMs: number;
  /** Newest part of the journal that undo may still refer to. */
  readonly undoBytes: number;
}

export interface LabelStoreParts extends LayerPlace, LabelDescription {
  readonly shape: ImageShape;
  readonly recovered: Recovered;
  readonly budgets: LabelBudgets;
  /** Null for a project that is open read-only; `readOnlyReason` says why. */
  readonly journal: Journal | null;
  readonly readOnlyReason: string;
  readonly ledger: Ledger;
  /** Asked before records leave the journal: up to which of these they may, for all that labels don't keep. */
  readonly release: (sequence: number) => Promise<number>;
  /** Hears of each patch when it is in the journal and in memory. */
  readonly applied: (patch: LabelPatch) => void;
  /** Something on the disk was damaged or could not be written; painting goes on. */
  readonly onWarning: (error: MembranaError) => void;
}

/** Changed tiles by "z/ty/tx", as of `sequence`. */
export interface FrozenTiles {
  readonly tiles: ReadonlyMap<string, Uint8Array>;
  readonly sequence: number;
}

/**
 * Label tiles of one layer, in memory over the label images on the disk. Its
 * callers take turns: nothing here may run beside a change of the same layer.
 */
export class LabelLayer {
  readonly coverage = new LabelCoverage();
  private readonly tiles: LabelTiles;
  private records: CommitRecords;
  /** Tiles of which the disk has a damaged copy until the next checkpoint. */
  private readonly repaired = new Set<string>();
  /** Sequence of the last change of a slice, as far as the disk knows it; newer than any checkpoint since. */
  private readonly changes = new Map<number, number>();
  /** Sequence of the last patch that is in the tiles. */
  private applied: number;

  private constructor(private readonly parts: LabelStoreParts) {
    this.tiles = new LabelTiles(parts.budgets.cacheBytes);
    this.records = parts.recovered.records;
    this.applied = this.records.commits[0]?.sequence ?? 0;
  }

  /** Reads the newest checkpoint and replays what the journal has past it. */
  static async open(parts: LabelStoreParts): Promise<LabelLayer> {
    const layer = new LabelLayer(parts);
    const { commits, pending, damaged } = layer.records;
    // A first checkpoint that was cut short is no reason, where the journal has everything since the beginning.
    const hasAll = pending.length > 0 && damaged.length === 0 && parts.recovered.folded === 0;
    if (commits.length === 0 && !hasAll)
      layer.records = await adoptChunks(parts, layer.records, parts.shape);
    const stored = layer.records.commits[0]?.tiles ?? {};
    layer.coverage.load(stored);
    for (const [key, { changed = 0 }] of Object.entries(stored))
      layer.noteChange(Number.parseInt(key, 10), changed);
    for (const record of parts.recovered.replay) {
      if (record.kind === 'label-patch') await layer.replay(record);
      layer.applied = record.sequence;
    }
    return layer;
  }

  private async replay({ payload }: JournalRecord): Promise<void> {
    try {
      const patch = decodePatch(payload);
      checkPatch(patch, this.parts, this.parts.shape);
      await this.write(patch);
    } catch (error) {
      // It stays in the journal; the rest of the project must open all the same.
      if (!(error instanceof MembranaError)) throw error;
      this.parts.onWarning(error);
    }
  }

  /** Writes the next patch into the tiles. */
  async apply(patch: LabelPatch): Promise<void> {
    await this.write(patch);
    this.applied = patch.sequence;
  }

  private noteChange(z: number, sequence: number): void {
    this.changes.set(z, Math.max(sequence, this.changes.get(z) ?? 0));
  }

  /** Sequence of the last change of a slice, rounded up to its checkpoint where it was made before this opening; 0 = long ago. */
  changedAt(z: number): number {
    return this.changes.get(z) ?? 0;
  }

  private async write(patch: LabelPatch): Promise<void> {
    this.noteChange(patch.z, patch.sequence);
    for (const tilePatch of patch.tiles) {
      const key = tileKey(patch.z, tilePatch.tx, tilePatch.ty);
      const tile = (await this.load(key)) ?? this.tiles.put(key, new Uint8Array(TILE_PIXELS));
      this.coverage.add(key, this.tiles.apply(tile, tilePatch));
    }
  }

  private async load(key: string): Promise<LabelTile | null> {
    const inMemory = this.tiles.get(key);
    if (inMemory) return inMemory;
    const stored = await this.stored(key);
    if (!stored) return null;
    const { classes, review, sequence, damaged } = stored;
    const blank = new Uint8Array(TILE_PIXELS);
    const tile = this.tiles.put(key, joinPlanes(classes ?? blank, review ?? blank));
    const newest = this.records.commits[0]?.sequence ?? 0;
    if (damaged || sequence < newest) await this.rebuild(key, tile, sequence);
    // A checkpoint that was cut short may have written more than the last record counts.
    else if (this.records.pending.length > 0) this.coverage.set(key, countLabels(tile.bytes));
    return tile;
  }

  private async stored(key: string): ReturnType<typeof readStoredTile> {
    const found = await readStoredTile(this.parts, this.records, key);
    if (this.parts.journal || !found || found.sequence >= 0) return found;
    // Read-only beside a writer: it may have made a checkpoint since we looked.
    this.records = await readCommits(this.parts.files, journalFolder(this.parts.project));
    return readStoredTile(this.parts, this.records, key);
  }

  /** Brings a tile from an older generation up to date with the patches that the journal still has. */
  private async rebuild(key: string, tile: LabelTile, after: number): Promise<void> {
    const { files, project, journal } = this.parts;
    const records =
      journal?.readAfter(after) ?? readRecordsAfter(files, journalFolder(project), after);
    tile.dirty = true;
    this.repaired.add(key);
    let next = after + 1;
    let lost = after < 0;
    for await (const record of records) {
      if (record.sequence > this.applied) break;
      if (record.sequence > next) lost = true;
      next = record.sequence + 1;
      if (record.kind !== 'label-patch') continue;
      const patch = decodePatch(record.payload);
      if (patch.stack !== this.parts.stack || patch.layer !== this.parts.layer) continue;
      for (const tilePatch of patch.tiles)
        if (tileKey(patch.z, tilePatch.tx, tilePatch.ty) === key) this.tiles.apply(tile, tilePatch);
    }
    this.coverage.set(key, countLabels(tile.bytes));
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

  /** The record of the newest checkpoint; null before the first. */
  get commit(): CommitRecord | null {
    return this.records.commits[0] ?? null;
  }

  /** Label bytes of a tile, a copy; null where nobody has painted. */
  async tile(z: number, tx: number, ty: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return (await this.load(tileKey(z, tx, ty)))?.bytes.slice() ?? null;
  }

  /** Label bytes of a whole slice, width × height. */
  async slice(z: number): Promise<Uint8Array<ArrayBuffer>> {
    const { width, height } = this.parts.shape;
    const out = new Uint8Array(width * height);
    for (let ty = 0; ty < tileCount(height); ty += 1)
      for (let tx = 0; tx < tileCount(width); tx += 1) {
        const tile = await this.load(tileKey(z, tx, ty));
        if (!tile) continue;
        const left = tx * TILE_SIZE;
        const columns = Math.min(TILE_SIZE, width - left);
        const rows = Math.min(TILE_SIZE, height - ty * TILE_SIZE);
        for (let row = 0; row < rows; row += 1)
          out.set(
            tile.bytes.subarray(row * TILE_SIZE, row * TILE_SIZE + columns),
            (ty * TILE_SIZE + row) * width + left,
          );
      }
    return out;
  }

  changedBytes(): number {
    return this.tiles.dirtyBytes();
  }

  /** The changed tiles as they are now; `fold` writes them while painting goes on. */
  freeze(): FrozenTiles {
    return { tiles: this.tiles.freezeDirty(), sequence: this.applied };
  }

  /**
   * Folds frozen tiles into the label images and drops journal segments that
   * nothing needs any more.
   *
   * @throws MembranaError disk.full, file.write-failed; the tiles count as changed again
   */
  async fold({ tiles, sequence }: FrozenTiles, journal: Journal): Promise<void> {
    const { project, budgets } = this.parts;
    let written = false;
    try {
      const { generation } = journal;
      const changed = { tiles, sequence, repaired: this.repaired, generation };
      const { records, foreign } = await writeCheckpoint(this.parts, this.records, changed);
      this.records = records;
      written = true;
      for (const key of tiles.keys()) this.repaired.delete(key);
      await journal.folded(sequence);
      for (const key of foreign) await this.bringBack(key);
      const kept = this.records.commits[1]?.sequence;
      // What brings a tile back is in the journal until the next checkpoint.
      if (kept !== undefined && foreign.size === 0)
        await journal.drop(await this.parts.release(kept), budgets.undoBytes);
    } catch (error) {
      if (!written) await this.noteFailedAttempt();
      throw writeFailure(project, error);
    } finally {
      this.tiles.thaw(tiles, written);
    }
  }

  /** A tile that is not on the disk as it should be is written with the next checkpoint. */
  private async bringBack(key: string): Promise<void> {
    const tile = this.tiles.get(key);
    if (!tile) {
      await this.load(key);
      return;
    }
    tile.dirty = true;
    this.repaired.add(key);
  }

  /** The next attempt needs a number of its own, and to know the chunks that this one has written. */
  private async noteFailedAttempt(): Promise<void> {
    const { files, project } = this.parts;
    const lastNumber = this.records.lastNumber + 1;
    try {
      const found = await readCommits(files, journalFolder(project));
      const numbers = { lastNumber: Math.max(lastNumber, found.lastNumber) };
      this.records = { ...this.records, pending: found.pending, ...numbers };
    } catch {
      this.records = { ...this.records, lastNumber };
    }
  }
}
