import type { Coverage } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { LabelPatch } from '#contract/label-patch';
import { decodePatch } from '#contract/label-patch-codec';
import type { CommitRecord } from '../storage/recovery/commit-record';
import { writeImageMetadata, type LabelDescription } from './label-adoption';
import { LabelLayer, type LabelStoreParts } from './label-layer';
import { checkPatch } from './patch-check';

/** Pause after a checkpoint that failed: the next stroke would most likely meet the same disk. */
const HOLD_OFF_MS = 30_000;

/**
 * The labels of one layer of one stack. Every patch is in the journal before
 * it is acknowledged; tiles are folded into the label images from time to
 * time. Label bytes as in #contract/label-byte.
 */
export class LabelStore {
  /** Patches are applied one after another, in the order of their sequences. */
  private applying: Promise<void> = Promise.resolve();
  private checkpointing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private holdOffUntil = 0;
  private closed = false;
  private failure: MembranaError | null = null;
  private stopReason: string | null = null;
  private isTakenOver = false;

  private constructor(
    private readonly parts: LabelStoreParts,
    private readonly layer: LabelLayer,
  ) {}

  /** Opens the layer and replays what the journal has past the last checkpoint. */
  static async open(parts: LabelStoreParts): Promise<LabelStore> {
    const store = new LabelStore(parts, await LabelLayer.open(parts));
    if (parts.journal) await writeImageMetadata(parts, parts.shape, parts);
    store.scheduleCheckpoint();
    return store;
  }

  /** Sequence of the last step accepted, of whatever kind. */
  get lastSequence(): number {
    return this.parts.ledger.lastSequence;
  }

  /**
   * Saves one encoded LabelPatch; resolves when the journal is on the disk. A
   * patch that is known already is acknowledged again.
   *
   * @throws MembranaError labels.patch-invalid, project.out-of-step, project.read-only, disk.full, file.write-failed
   */
  async append(encoded: Uint8Array): Promise<{ sequence: number }> {
    const patch = decodePatch(encoded);
    checkPatch(patch, this.parts, this.parts.shape);
    const { sequence } = patch;
    // Another process has the project: a stroke is kept beside it, and never called saved.
    if (this.parts.journal && this.isTakenOver)
      throw await this.parts.journal.setAside('label-patch', sequence, encoded);
    this.mustWrite();
    const { isNew, durable } = this.parts.ledger.append('label-patch', sequence, encoded);
    if (isNew) this.enqueueApply(patch, durable);
    await durable;
    return { sequence };
  }

  private mustWrite(): void {
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
        await this.layer.apply(patch);
        this.layer.coverage.announce([patch.z]);
        this.parts.applied(patch);
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

  /** Another process holds the project: later strokes go into a file of their own, and are refused with the name of it. */
  takenOver(reason: string): void {
    this.isTakenOver = true;
    this.stop(reason);
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
    return this.inOrder(() => this.layer.tile(z, tx, ty));
  }

  /** Label bytes of a whole slice, width × height. */
  slice(z: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.inOrder(() => this.layer.slice(z));
  }

  /** Resolves when everything acknowledged so far is in `coverage` too, which may be a moment behind. */
  settled(): Promise<void> {
    return this.inOrder(() => Promise.resolve());
  }

  /** Reviewed pixels of every slice that has any, ascending. */
  coverage(): Coverage[] {
    return this.layer.coverage.list();
  }

  /** Calls back with the slices that changed; returns the disposer. */
  onCoverage(listener: (slices: readonly Coverage[]) => void): () => void {
    return this.layer.coverage.onChange(listener);
  }

  /** Sequence of the last change of a slice: larger is newer, 0 = before sequences were kept. */
  changedAt(z: number): number {
    return this.layer.changedAt(z);
  }

  reviewedSlices(): number[] {
    return this.coverage().map(({ z }) => z);
  }

  private scheduleCheckpoint(): void {
    if (!this.parts.journal || this.closed) return;
    if (performance.now() < this.holdOffUntil) return;
    const dirty = this.layer.changedBytes();
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
      this.holdOffUntil = performance.now() + HOLD_OFF_MS;
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

  /**
   * Makes a checkpoint and hands its record on (null where nobody has painted
   * yet). No other checkpoint begins before `work` is done, so that the chunks
   * stay what the record says; painting goes on.
   *
   * @throws as `checkpoint`, and what `work` throws
   */
  atCheckpoint<T>(work: (record: CommitRecord | null) => Promise<T>): Promise<T> {
    const result = this.checkpointing.then(async () => {
      await this.runCheckpoint();
      return work(this.layer.commit);
    });
    this.checkpointing = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private async runCheckpoint(): Promise<void> {
    const { journal } = this.parts;
    if (!journal || this.stopReason !== null || this.failure) return;
    const frozen = await this.inOrder(() => Promise.resolve(this.layer.freeze()));
    if (frozen.tiles.size > 0) await this.layer.fold(frozen, journal);
  }

  /** Rewrites the images' metadata: voxel size, names and colours of the classes. */
  async describe(description: LabelDescription): Promise<void> {
    this.mustWrite();
    await writeImageMetadata(this.parts, this.parts.shape, description);
  }

  /** Looks whether everything that was reported saved is in its place; a failure is a warning. */
  private async confirm(): Promise<void> {
    const { journal, onWarning } = this.parts;
    await journal?.confirm().catch((error: unknown) => {
      if (error instanceof MembranaError) onWarning(error);
    });
  }

  /** Waits for what was appended and makes a last checkpoint; one that fails is a warning, since the journal has it all. */
  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.closed = true;
    await this.parts.ledger.settled();
    await this.applying;
    await this.confirm();
    await this.checkpoint().catch((error: unknown) => {
      if (error instanceof MembranaError) this.parts.onWarning(error);
    });
  }
}
