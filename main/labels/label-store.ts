import type { Coverage, VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { LabelPatch } from '#contract/label-patch';
import { decodePatch } from '#contract/label-patch-codec';
import { TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import { checksum } from '../project/checksum';
import { readStoredTile, writeCheckpoint, type LayerPlace } from '../project/checkpoint';
import { readCommits, type CommitRecords } from '../project/commit-record';
import type { Journal } from '../project/journal';
import { journalFolder } from '../project/journal-segment';
import type { Recovered } from '../project/recovery';
import { writeFailure } from '../project/write-errors';
import { adoptChunks, writeImageMetadata } from './label-adoption';
import { joinPlanes, type ImageShape } from './label-image';
import { LabelCoverage } from './label-coverage';
import { checkPatch } from './patch-check';
import { countLabels, LabelTiles, tileKey, type LabelTile } from './label-tiles';

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

export interface LabelStoreParts extends LayerPlace {
  readonly shape: ImageShape;
  readonly voxelSize: VoxelSize;
  readonly recovered: Recovered;
  readonly budgets: LabelBudgets;
  /** Null for a project that is open read-only; `readOnlyReason` says why. */
  readonly journal: Journal | null;
  readonly readOnlyReason: string;
  /** Something on the disk was damaged or could not be written; painting goes on. */
  readonly onWarning: (error: MembranaError) => void;
}

/** Sequences whose content is remembered, to tell a repeated patch from another one. */
const REMEMBERED = 4096;

/**
 * The labels of one layer of one stack. Every patch is in the journal before
 * it is acknowledged; tiles are folded into the label images from time to
 * time. Label bytes as in #contract/label-byte.
 */
export class LabelStore {
  private readonly tiles: LabelTiles;
  private readonly coverageTable: LabelCoverage;
  private records: CommitRecords;
  private applied: number;
  /** Patches are applied one after another, in the order of their sequences. */
  private applying: Promise<void> = Promise.resolve();
  private readonly inFlight = new Map<number, Promise<void>>();
  /** Tiles of which the disk has a damaged copy until the next checkpoint. */
  private readonly repaired = new Set<string>();
  private readonly contents = new Map<number, number>();
  private checkpointing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private closed = false;
  private failure: MembranaError | null = null;
  private stopReason: string | null = null;

  private constructor(private readonly parts: LabelStoreParts) {
    this.tiles = new LabelTiles(parts.budgets.cacheBytes);
    this.records = parts.recovered.records;
    this.applied = this.records.commits[0]?.sequence ?? 0;
    this.coverageTable = new LabelCoverage();
  }

  /** Opens the layer and replays what the journal has past the last checkpoint. */
  static async open(parts: LabelStoreParts): Promise<LabelStore> {
    const store = new LabelStore(parts);
    if (store.records.commits.length === 0)
      store.records = await adoptChunks(parts, store.records, parts.shape);
    store.coverageTable.load(store.records.commits[0]?.tiles ?? {});
    for (const record of parts.recovered.replay) {
      const patch = decodePatch(record.payload);
      if (patch.stack === parts.stack && patch.layer === parts.layer) {
        checkPatch(patch, parts, parts.shape);
        await store.apply(patch);
      }
      store.applied = record.sequence;
      store.remember(record.sequence, checksum(record.payload));
    }
    if (parts.journal) await writeImageMetadata(parts, parts.shape, parts.voxelSize);
    store.scheduleCheckpoint();
    return store;
  }

  /** Sequence of the last patch accepted. */
  get lastSequence(): number {
    return this.parts.journal?.lastSequence ?? this.parts.recovered.lastSequence;
  }

  /**
   * Saves one encoded LabelPatch; resolves when the journal is on the disk. A
   * patch that is known already is acknowledged again.
   *
   * @throws MembranaError labels.patch-invalid, project.read-only, disk.full, file.write-failed
   */
  async append(encoded: Uint8Array): Promise<{ sequence: number }> {
    const journal = this.writable();
    const patch = decodePatch(encoded);
    checkPatch(patch, this.parts, this.parts.shape);
    const { sequence } = patch;
    const content = checksum(encoded);
    if (sequence <= journal.lastSequence) {
      const known = this.contents.get(sequence);
      if (known !== undefined && known !== content)
        throw this.outOfOrder(sequence, 'another stroke has this number');
      await this.inFlight.get(sequence);
      return { sequence };
    }
    if (sequence !== journal.lastSequence + 1)
      throw this.outOfOrder(sequence, `stroke ${String(journal.lastSequence + 1)} comes first`);
    const { durable } = journal.append(Uint8Array.from(encoded));
    this.remember(sequence, content);
    this.inFlight.set(sequence, durable);
    this.enqueueApply(patch, durable);
    try {
      await durable;
    } catch (error) {
      if (this.inFlight.get(sequence) === durable) this.contents.delete(sequence);
      throw error;
    } finally {
      if (this.inFlight.get(sequence) === durable) this.inFlight.delete(sequence);
    }
    return { sequence };
  }

  private writable(): Journal {
    const { journal, readOnlyReason } = this.parts;
    if (this.failure) throw this.failure;
    const reason = journal
      ? this.closed
        ? 'It is being closed.'
        : this.stopReason
      : readOnlyReason;
    if (!journal || reason !== null)
      throw new MembranaError(
        'project.read-only',
        `This project can't be changed. ${reason ?? ''}`,
        {
          hint: 'Close it where it is open, or work on a copy of the project folder.',
          safe: 'Everything that was reported saved is on the disk.',
        },
      );
    return journal;
  }

  private outOfOrder(sequence: number, reason: string): MembranaError {
    return new MembranaError(
      'labels.patch-invalid',
      `Stroke ${String(sequence)} was not saved: ${reason}.`,
      {
        hint: 'Reopen the project; what was saved before is kept.',
        data: { sequence, expected: this.lastSequence + 1 },
      },
    );
  }

  private remember(sequence: number, content: number): void {
    this.contents.set(sequence, content);
    this.contents.delete(sequence - REMEMBERED);
  }

  /** Applies the patch in its turn, once it is durable. */
  private enqueueApply(patch: LabelPatch, durable: Promise<void>): void {
    this.applying = this.applying.then(async () => {
      try {
        await durable;
      } catch {
        return;
      }
      try {
        if (this.failure) return;
        await this.apply(patch);
        this.applied = patch.sequence;
        this.coverageTable.announce([patch.z]);
        this.scheduleCheckpoint();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /** Refuses every later change: the project is no longer ours to write. */
  stop(reason: string): void {
    this.stopReason = reason;
  }

  /** The journal has a patch that memory could not take: nothing may be folded any more, and reopening replays it. */
  private fail(cause: unknown): void {
    this.failure = new MembranaError(
      'file.unreadable',
      'The labels on the disk could not be read, so painting has stopped.',
      {
        hint: 'Check the disk, then reopen the project.',
        safe: 'Everything that was reported saved is on the disk.',
        cause,
      },
    );
    this.parts.onWarning(this.failure);
  }

  private async apply(patch: LabelPatch): Promise<void> {
    for (const tilePatch of patch.tiles) {
      const key = tileKey(patch.z, tilePatch.tx, tilePatch.ty);
      const tile = (await this.load(key)) ?? this.tiles.put(key, new Uint8Array(TILE_PIXELS));
      this.coverageTable.add(key, this.tiles.apply(tile, tilePatch));
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
    const records = this.parts.journal?.readAfter(after) ?? this.parts.recovered.replay;
    tile.dirty = true;
    this.repaired.add(key);
    for await (const record of records) {
      if (record.sequence > this.applied) break;
      const patch = decodePatch(record.payload);
      if (patch.stack !== this.parts.stack || patch.layer !== this.parts.layer) continue;
      for (const tilePatch of patch.tiles)
        if (tileKey(patch.z, tilePatch.tx, tilePatch.ty) === key) this.tiles.apply(tile, tilePatch);
    }
    this.coverageTable.set(key, countLabels(tile.bytes));
    const [z = '?'] = key.split('/');
    const lost = after < 0;
    this.parts.onWarning(
      new MembranaError(
        'project.corrupt',
        lost
          ? `Labels of slice ${z} are damaged on the disk and were rebuilt as far as the journal goes.`
          : `Labels of slice ${z} were damaged on the disk and have been rebuilt.`,
        {
          hint: 'Check the disk, and look at that slice.',
          data: { slice: Number(z), tile: key, complete: !lost },
        },
      ),
    );
  }

  /** One after another with the patches, so that no tile is read between two states. */
  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.applying.then(work);
    this.applying = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Label bytes of a tile, TILE_SIZE² row by row, a copy; null where nobody has painted. */
  tile(z: number, tx: number, ty: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.inOrder(async () => (await this.load(tileKey(z, tx, ty)))?.bytes.slice() ?? null);
  }

  /** Label bytes of a whole slice, width × height. */
  slice(z: number): Promise<Uint8Array<ArrayBuffer>> {
    const { width, height } = this.parts.shape;
    return this.inOrder(async () => {
      const out = new Uint8Array(width * height);
      for (let ty = 0; ty < tileCount(height); ty += 1)
        for (let tx = 0; tx < tileCount(width); tx += 1) {
          const tile = await this.load(tileKey(z, tx, ty));
          if (!tile) continue;
          const left = tx * TILE_SIZE;
          const top = ty * TILE_SIZE;
          const columns = Math.min(TILE_SIZE, width - left);
          const rows = Math.min(TILE_SIZE, height - top);
          for (let row = 0; row < rows; row += 1)
            out.set(
              tile.bytes.subarray(row * TILE_SIZE, row * TILE_SIZE + columns),
              (top + row) * width + left,
            );
        }
      return out;
    });
  }

  /** Resolves when everything acknowledged so far is in `coverage` too, which may be a moment behind. */
  settled(): Promise<void> {
    return this.inOrder(() => Promise.resolve());
  }

  /** Reviewed pixels of every slice that has any, ascending. */
  coverage(): Coverage[] {
    return this.coverageTable.list();
  }

  /** Calls back with the slices that changed; returns the disposer. */
  onCoverage(listener: (slices: readonly Coverage[]) => void): () => void {
    return this.coverageTable.onChange(listener);
  }

  reviewedSlices(): number[] {
    return this.coverage().map(({ z }) => z);
  }

  /** The newest encoded patches of this layer that fit in `bytes`, oldest first, without a gap. */
  async history(bytes: number): Promise<Uint8Array[]> {
    const patches: { readonly sequence: number; readonly payload: Uint8Array }[] = [];
    let held = 0;
    const records = this.parts.journal?.readAfter(0) ?? this.parts.recovered.replay;
    for await (const { sequence, payload } of records) {
      const last = patches.at(-1);
      if (last && sequence !== last.sequence + 1) {
        const earlier = patches.findIndex((patch) => patch.sequence >= sequence);
        const dropped = earlier < 0 ? patches.splice(0) : patches.splice(earlier);
        held -= dropped.reduce((sum, patch) => sum + patch.payload.length, 0);
      }
      patches.push({ sequence, payload: Uint8Array.from(payload) });
      held += payload.length;
      while (held > bytes) held -= patches.shift()?.payload.length ?? held;
    }
    return patches.map(({ payload }) => payload);
  }

  private scheduleCheckpoint(): void {
    if (!this.parts.journal || this.closed) return;
    const dirty = this.tiles.dirtyBytes();
    if (dirty >= this.parts.budgets.dirtyBytes) this.checkpointInBackground();
    else if (dirty > 0 && !this.timer) {
      this.timer = setTimeout(() => {
        this.checkpointInBackground();
      }, this.parts.budgets.checkpointMs);
      this.timer.unref();
    }
  }

  private checkpointInBackground(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.checkpoint().catch((error: unknown) => {
      if (error instanceof MembranaError) this.parts.onWarning(error);
    });
  }

  /**
   * Folds what changed into the label images and drops journal segments that
   * nothing needs any more. Painting goes on meanwhile.
   *
   * @throws MembranaError disk.full, file.write-failed; the journal still has everything
   */
  checkpoint(): Promise<void> {
    const result = this.checkpointing.then(() => this.runCheckpoint());
    this.checkpointing = result.catch(() => undefined);
    return result;
  }

  private async runCheckpoint(): Promise<void> {
    const { journal, files, project, budgets } = this.parts;
    if (!journal) return;
    if (this.stopReason !== null) return;
    const { frozen, sequence } = await this.inOrder(() =>
      Promise.resolve({ frozen: this.tiles.freezeDirty(), sequence: this.applied }),
    );
    if (frozen.size === 0) return;
    if (this.failure) {
      this.tiles.thaw(frozen, false);
      return;
    }
    let written = false;
    try {
      this.records = await writeCheckpoint(this.parts, this.records, {
        tiles: frozen,
        sequence,
        repaired: this.repaired,
      });
      written = true;
      for (const key of frozen.keys()) this.repaired.delete(key);
      const kept = this.records.commits[1]?.sequence;
      if (kept !== undefined) await journal.drop(kept, budgets.undoBytes);
    } catch (error) {
      // The next attempt needs a number of its own, and to know what this one has written.
      if (!written) this.records = await readCommits(files, journalFolder(project));
      throw writeFailure(project, error);
    } finally {
      this.tiles.thaw(frozen, written);
    }
  }

  /** Rewrites the images' metadata with another voxel size. */
  async setVoxelSize(voxelSize: VoxelSize): Promise<void> {
    this.writable();
    await writeImageMetadata(this.parts, this.parts.shape, voxelSize);
  }

  /** Waits for what was appended and makes a last checkpoint; one that fails is a warning, since the journal has it all. */
  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.closed = true;
    await Promise.allSettled(this.inFlight.values());
    await this.applying;
    await this.checkpoint().catch((error: unknown) => {
      if (error instanceof MembranaError) this.parts.onWarning(error);
    });
  }
}
