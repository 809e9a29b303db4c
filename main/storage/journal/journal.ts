import type { MembranaError } from '#contract/errors';
import type { Generation, JournalRecord, RecordKind } from './journal-record';
import type { JournalSegment } from './journal-segment';
import { AsideWriter } from './aside-file';
import type { LastSavedFile } from './last-saved';
import type { SegmentParts } from './segment-parts';
import { RECORD_BYTES, SegmentWriter } from './segment-writer';
import { takenOver } from './taken-over';
import { diskFull } from '../write-errors';

export const SEGMENT_BYTES = 16 << 20;

interface Waiting {
  readonly record: JournalRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface JournalParts extends SegmentParts {
  readonly lastSequence: number;
  /** Where it is told, outside the journal, how far it goes. */
  readonly lastSaved: LastSavedFile | null;
}

/**
 * The append-only journal of a project. `append` resolves when the record is
 * on the disk; appends that wait together are flushed together, in order.
 */
export class Journal {
  private readonly writer: SegmentWriter;
  private readonly aside: AsideWriter;
  private queue: Waiting[] = [];
  private flushing: Promise<void> | null = null;
  private closed = false;
  /** Sequence of the last record on the disk. */
  durableSequence: number;
  /** Sequence of the last record accepted, on the disk or waiting. */
  lastSequence: number;

  constructor(private readonly parts: JournalParts) {
    const { files, folder, rescue, generation } = parts;
    this.writer = new SegmentWriter(parts);
    this.aside = new AsideWriter(files, { journal: folder, rescue }, generation.generation);
    this.durableSequence = parts.lastSequence;
    this.lastSequence = parts.lastSequence;
  }

  /** Another process holds the project: nothing more becomes part of it. */
  get isLost(): boolean {
    return this.writer.isLost;
  }

  /** This opening for writing. */
  get generation(): Generation {
    return this.parts.generation;
  }

  /**
   * Appends the record that follows `lastSequence`.
   *
   * @throws MembranaError disk.full (the reserve is gone), file.write-failed;
   *   then nothing of this record counts and the sequence is free again;
   *   project.taken-over, then it is kept aside
   */
  append(
    kind: RecordKind,
    payload: Uint8Array,
  ): { readonly sequence: number; readonly durable: Promise<void> } {
    if (this.closed) throw new Error('append to a closed journal');
    const sequence = this.lastSequence + 1;
    this.lastSequence = sequence;
    const record: JournalRecord = { sequence, time: Date.now(), kind, payload };
    const durable = new Promise<void>((resolve, reject) => {
      this.queue.push({ record, resolve, reject });
    });
    this.flushing ??= this.flushQueue();
    return { sequence, durable };
  }

  private async flushQueue(): Promise<void> {
    // Lets appends of the same turn of the event loop share a flush.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.takeBatch();
      try {
        if (!(await this.parts.reserve.lay())) throw diskFull('the journal');
        await this.writer.write(batch.map(({ record }) => record));
        this.durableSequence = batch.at(-1)?.record.sequence ?? this.durableSequence;
        await this.parts.lastSaved?.note({ acknowledged: this.durableSequence });
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        // Later records count on the earlier ones, so all that wait fail with them.
        const failed = [...batch, ...this.queue];
        this.queue = [];
        this.lastSequence = this.durableSequence;
        for (const { record, reject } of failed)
          reject(this.isLost ? await this.keepAside(record) : error);
      }
    }
    // Before anyone who waited runs: their next append must start a new flush.
    this.flushing = null;
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.queue) {
      const size = record.payload.length + RECORD_BYTES;
      if (count > 0 && bytes + size > this.parts.segmentBytes) break;
      bytes += size;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  /**
   * Puts a step of a project that is no longer ours into a file beside its
   * history, flushed; resolves with the error that says so.
   */
  setAside(kind: RecordKind, sequence: number, payload: Uint8Array): Promise<MembranaError> {
    return this.keepAside({ sequence, time: Date.now(), kind, payload: Uint8Array.from(payload) });
  }

  private async keepAside(record: JournalRecord): Promise<MembranaError> {
    const stamp = { ...this.parts.generation, segment: 0 };
    try {
      await this.aside.add({ ...record, stamp });
      return takenOver({ count: this.aside.count, file: this.aside.name });
    } catch {
      return takenOver();
    }
  }

  /** How many records are in no checkpoint. */
  get unfolded(): number {
    return this.writer.kept.list.length;
  }

  /**
   * Looks once more whether everything is in its place, and writes it again
   * where it is not, at last where the user says; before a project closes.
   *
   * @throws MembranaError disk.full, file.write-failed: records that were
   *   reported saved are in memory alone
   */
  async confirm(): Promise<void> {
    await this.flushing;
    await this.writer.confirm();
  }

  /** A checkpoint has everything up to `sequence`. */
  async folded(sequence: number): Promise<void> {
    this.writer.folded(sequence);
    await this.parts.lastSaved?.note({ folded: sequence });
  }

  /** Good segments. */
  list(): readonly JournalSegment[] {
    return this.writer.list();
  }

  /** Records that are on the disk with a sequence past `after`, ascending. */
  async *readAfter(after: number): AsyncGenerator<JournalRecord> {
    const durable = this.durableSequence;
    for (const record of await this.writer.read())
      if (record.sequence > after && record.sequence <= durable) yield record;
  }

  /** Deletes segments all of whose records are at or before `sequence`, but never of the newest `keepBytes`. */
  drop(sequence: number, keepBytes: number): Promise<void> {
    return this.writer.drop(sequence, keepBytes);
  }

  /** Waits for what is queued and closes the files; later appends throw. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
    await this.writer.close();
    await this.aside.close();
    await this.parts.lastSaved?.close();
  }
}
