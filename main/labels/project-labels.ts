import type { LayerKey } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { VoxelEdit } from '#volume/voxel-edit';
import { decodeEdit } from '#volume/voxel-edit-codec';
import type { ProjectPlace } from './checkpoint';
import { checkEdit, type FindLayer } from './edit-check';
import { adoptChunks } from './label-adoption';
import { LabelFolding } from './label-folding';
import { LabelLayer, type LabelsState } from './label-layer';
import { LabelTiles } from './label-tiles';
import type { CommitRecord } from '../storage/recovery/commit-record';
import type { Journal } from '../storage/journal/journal';
import type { JournalRecord } from '../storage/journal/journal-record';
import type { Ledger } from '../storage/recovery/ledger';
import type { Recovered } from '../storage/recovery/recovery';

/** Pause after a checkpoint that failed: the next stroke would most likely meet the same disk. */
const HOLD_OFF_MS = 30_000;

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

export interface ProjectLabelsParts extends ProjectPlace {
  readonly recovered: Recovered;
  readonly budgets: LabelBudgets;
  /** Null for a project that is open read-only; `readOnlyReason` says why. */
  readonly journal: Journal | null;
  readonly readOnlyReason: string;
  readonly ledger: Ledger;
  /** What the project says of a layer, removed ones included. */
  readonly find: FindLayer;
  /** Every layer, removed ones included. */
  readonly known: () => readonly LayerKey[];
  /** Asked before records leave the journal: up to which of these they may, for all that labels don't keep. */
  readonly release: (sequence: number) => Promise<number>;
  /** Hears of each edit when it is in the journal and in memory. */
  readonly applied: (edit: VoxelEdit) => void;
  /** Something on the disk was damaged or could not be written; painting goes on. */
  readonly onWarning: (error: MembranaError) => void;
}

/**
 * The labels of all layers of all stacks of a project. Every edit is in the
 * journal before it is acknowledged; tiles are folded into the images of their
 * layers from time to time, of all layers at once, so that one number says how
 * far the images are.
 */
export class ProjectLabels {
  private readonly layers = new Map<string, LabelLayer>();
  private readonly folding: LabelFolding;
  private readonly tiles: LabelTiles;
  private readonly state: LabelsState;
  /** Edits are applied one after another, in the order of their sequences. */
  private applying: Promise<void> = Promise.resolve();
  private checkpointing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private holdOffUntil = 0;
  private closed = false;
  private failure: MembranaError | null = null;
  private stopReason: string | null = null;
  private isTakenOver = false;

  private constructor(private readonly parts: ProjectLabelsParts) {
    this.tiles = new LabelTiles(parts.budgets.cacheBytes);
    const { records } = parts.recovered;
    this.state = { records, applied: records.commits[0]?.sequence ?? 0 };
    const { state, tiles } = this;
    this.folding = new LabelFolding({
      ...parts,
      ...{ state, tiles, undoBytes: parts.budgets.undoBytes },
      at: (key) => this.at(key),
      layers: () => this.layers.values(),
    });
  }

  /** Reads the newest checkpoint and replays what the journal has past it. */
  static async open(parts: ProjectLabelsParts): Promise<ProjectLabels> {
    const labels = new ProjectLabels(parts);
    const { commits, pending, damaged } = labels.state.records;
    // A first checkpoint that was cut short is no reason, where the journal has everything since the beginning.
    const hasAll = pending.length > 0 && damaged.length === 0 && parts.recovered.folded === 0;
    if (commits.length === 0 && !hasAll) {
      const known = parts.known().flatMap((key) => {
        const facts = parts.find(key);
        return facts ? [{ ...key, element: facts.element, shape: facts.shape }] : [];
      });
      labels.state.records = await adoptChunks(parts, labels.state.records, known);
    }
    for (const record of parts.recovered.replay) {
      if (record.kind === 'label-patch') await labels.replay(record);
      labels.state.applied = record.sequence;
    }
    if (parts.journal) await labels.describe();
    labels.scheduleCheckpoint();
    return labels;
  }

  private async replay({ payload }: JournalRecord): Promise<void> {
    try {
      const edit = decodeEdit(payload);
      checkEdit(edit, this.parts.find, 'taken');
      await this.write(edit);
    } catch (error) {
      // It stays in the journal; the rest of the project must open all the same.
      if (!(error instanceof MembranaError)) throw error;
      this.parts.onWarning(error);
    }
  }

  private async write(edit: VoxelEdit): Promise<void> {
    for (const part of edit.layers) await this.at(part).write(part, edit.sequence);
  }

  /** The tiles of a layer. @throws MembranaError labels.layer-removed when the project knows none of that name */
  at(key: LayerKey): LabelLayer {
    const name = `${key.stack}/${key.layer}`;
    const there = this.layers.get(name);
    if (there) return there;
    const facts = this.parts.find(key);
    if (!facts)
      throw new MembranaError('labels.layer-removed', 'This project has no such layer.', {
        hint: 'Choose one of the list of layers.',
        data: { layer: key.layer },
      });
    const { state, tiles, parts } = this;
    const made = new LabelLayer(key, facts.element, facts.shape, { ...parts, state, tiles });
    this.layers.set(name, made);
    return made;
  }

  /** Sequence of the last step accepted, of whatever kind. */
  get lastSequence(): number {
    return this.parts.ledger.lastSequence;
  }

  /**
   * Saves one encoded edit; resolves when the journal is on the disk. An edit
   * that is known already is acknowledged again.
   *
   * @throws MembranaError labels.patch-invalid, labels.layer-removed, project.out-of-step, project.read-only, disk.full, file.write-failed
   */
  async append(encoded: Uint8Array): Promise<{ sequence: number }> {
    const edit = decodeEdit(encoded);
    checkEdit(edit, this.parts.find, 'refused');
    const { sequence } = edit;
    // Another process has the project: a stroke is kept beside it, and never called saved.
    if (this.parts.journal && this.isTakenOver)
      throw await this.parts.journal.setAside('label-patch', sequence, encoded);
    this.assertWritable();
    const { isNew, durable } = this.parts.ledger.append('label-patch', sequence, encoded);
    if (isNew) this.enqueueApply(edit, durable);
    await durable;
    return { sequence };
  }

  private assertWritable(): void {
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

  /** Applies the edit in its turn, once it is durable. */
  private enqueueApply(edit: VoxelEdit, durable: Promise<void>): void {
    this.applying = this.applying.then(async () => {
      try {
        await durable;
      } catch {
        return;
      }
      try {
        if (this.failure) return;
        await this.write(edit);
        this.state.applied = edit.sequence;
        for (const part of edit.layers)
          this.at(part).coverage.announce([...new Set(part.chunks.map(({ z }) => z))]);
        this.parts.applied(edit);
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

  /** The journal has an edit that memory could not take: nothing may be folded any more, and reopening replays it. */
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

  /** One after another with the edits, so that no tile is read between two states. */
  inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.applying.then(work);
    this.applying = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private scheduleCheckpoint(): void {
    if (!this.parts.journal || this.closed) return;
    if (performance.now() < this.holdOffUntil) return;
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
    return this.atCheckpoint(() => Promise.resolve());
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
      return work(this.state.records.commits[0] ?? null);
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
    const frozen = await this.inOrder(() =>
      Promise.resolve({ tiles: this.tiles.freezeDirty(), sequence: this.state.applied }),
    );
    if (frozen.tiles.size > 0) await this.folding.fold(frozen, journal);
  }

  /** Writes the images' metadata where it is not what the project says: voxel size, names and colours of the classes. */
  async describe(): Promise<void> {
    this.assertWritable();
    this.folding.forget();
    for (const key of this.parts.known())
      if (this.parts.find(key)?.state === 'listed') await this.folding.describe(key);
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
