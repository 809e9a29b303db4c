import { MembranaError } from '#contract/errors';
import type { Ballast } from './ballast';
import { flushFolder, writeAll, type FileSystem, type OpenFile } from './file-system';
import { encodeRecord, type JournalRecord, type RecordKind } from './journal-record';
import { scanSegment, segmentPath, type JournalSegment } from './journal-segment';
import { diskFull, isDiskFull, writeFailure } from './write-errors';

export const SEGMENT_BYTES = 16 << 20;
/** Attempts at a batch: the first, one after the ballast went, one in a new segment. */
const ATTEMPTS = 3;

interface Waiting {
  readonly record: JournalRecord;
  readonly bytes: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface JournalParts {
  readonly files: FileSystem;
  readonly folder: string;
  readonly ballast: Ballast;
  /** What recovery found, ascending. */
  readonly segments: readonly JournalSegment[];
  readonly segmentBytes: number;
  readonly lastSequence: number;
  /** Called once when the ballast had to go. */
  readonly onDiskFull: (error: MembranaError) => void;
}

/**
 * The append-only journal of a project. `append` resolves when the record is
 * on the disk; appends that wait together are flushed together, in order.
 */
export class Journal {
  private segments: JournalSegment[];
  private open: { readonly segment: JournalSegment; readonly file: OpenFile } | null = null;
  private nextNumber: number;
  private queue: Waiting[] = [];
  private flushing: Promise<void> | null = null;
  private closed = false;
  private continueLast: boolean;
  /** Sequence of the last record on the disk. */
  durableSequence: number;
  /** Sequence of the last record accepted, on the disk or waiting. */
  lastSequence: number;

  constructor(private readonly parts: JournalParts) {
    this.segments = [...parts.segments];
    this.nextNumber = (this.segments.at(-1)?.number ?? 0) + 1;
    this.continueLast = this.segments.length > 0;
    this.durableSequence = parts.lastSequence;
    this.lastSequence = parts.lastSequence;
  }

  /**
   * Appends the record that follows `lastSequence`.
   *
   * @throws MembranaError disk.full (the ballast is gone), file.write-failed;
   *   then nothing of this record counts and the sequence is free again
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
      this.queue.push({ record, bytes: encodeRecord(record), resolve, reject });
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
        if (!(await this.parts.ballast.lay())) throw diskFull('the journal');
        await this.writeBatch(batch);
        this.durableSequence = batch.at(-1)?.record.sequence ?? this.durableSequence;
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        // Later records count on the earlier ones, so all that wait fail with them.
        const failed = [...batch, ...this.queue];
        this.queue = [];
        this.lastSequence = this.durableSequence;
        for (const waiting of failed) waiting.reject(error);
      }
    }
    // Before anyone who waited runs: their next append must start a new flush.
    this.flushing = null;
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.queue) {
      if (count > 0 && bytes + waiting.bytes.length > this.parts.segmentBytes) break;
      bytes += waiting.bytes.length;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map((waiting) => waiting.bytes));
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { segment, file } = await this.segmentFor(bytes.length);
        await writeAll(file, bytes, segment.bytes);
        await file.datasync();
        this.grow(segment, bytes.length, batch);
        return;
      } catch (error) {
        await this.leaveSegment();
        const full = isDiskFull(error);
        const freed = full && (await this.parts.ballast.release());
        if (freed) this.parts.onDiskFull(diskFull('the journal', error));
        if ((full && !freed) || attempt === ATTEMPTS)
          throw writeFailure(segmentPath(this.parts.folder, this.nextNumber - 1), error);
      }
    }
  }

  private grow(segment: JournalSegment, bytes: number, batch: readonly Waiting[]): void {
    const grown: JournalSegment = {
      ...segment,
      bytes: segment.bytes + bytes,
      first: segment.first ?? batch[0]?.record.sequence ?? null,
      last: batch.at(-1)?.record.sequence ?? segment.last,
    };
    this.segments[this.segments.length - 1] = grown;
    if (this.open) this.open = { ...this.open, segment: grown };
  }

  private async segmentFor(
    bytes: number,
  ): Promise<{ readonly segment: JournalSegment; readonly file: OpenFile }> {
    const { files, folder, segmentBytes } = this.parts;
    const fits = (segment: JournalSegment): boolean =>
      segment.bytes === 0 || segment.bytes + bytes <= segmentBytes;
    if (this.open && fits(this.open.segment)) return this.open;
    const old = this.open;
    this.open = null;
    await old?.file.close();
    const last = this.segments.at(-1);
    if (this.continueLast && last && fits(last)) {
      this.continueLast = false;
      this.open = { segment: last, file: await files.open(last.path, 'r+') };
      return this.open;
    }
    this.continueLast = false;
    const number = this.nextNumber;
    this.nextNumber += 1;
    const path = segmentPath(folder, number);
    const segment: JournalSegment = { number, path, bytes: 0, first: null, last: null };
    this.open = { segment, file: await files.open(path, 'wx') };
    this.segments.push(segment);
    await flushFolder(files, folder);
    return this.open;
  }

  /**
   * After a failed write or flush nobody knows what the file holds past its
   * last good record, and a second flush that succeeds would prove nothing:
   * cut it there and go on in a new file.
   */
  private async leaveSegment(): Promise<void> {
    this.continueLast = false;
    const left = this.open;
    this.open = null;
    if (!left) return;
    await left.file.truncate(left.segment.bytes).catch(() => undefined);
    await left.file.close().catch(() => undefined);
    if (left.segment.bytes > 0) return;
    this.segments = this.segments.filter(({ number }) => number !== left.segment.number);
    await this.parts.files.unlink(left.segment.path).catch(() => undefined);
  }

  /** Good segments, ascending. */
  list(): readonly JournalSegment[] {
    return this.segments;
  }

  /** Records that are on the disk with a sequence past `after`, ascending. */
  async *readAfter(after: number): AsyncGenerator<JournalRecord> {
    const durable = this.durableSequence;
    for (const segment of [...this.segments]) {
      if (segment.last === null || segment.last <= after) continue;
      const scan = await scanSegment(this.parts.files, this.parts.folder, segment.number);
      for (const record of scan.records)
        if (record.sequence > after && record.sequence <= durable) yield record;
    }
  }

  /** Deletes segments all of whose records are at or before `sequence`, but never of the newest `keepBytes`. */
  async drop(sequence: number, keepBytes: number): Promise<void> {
    let newer = this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const segment of [...this.segments]) {
      newer -= segment.bytes;
      const needed = segment.last === null || segment.last > sequence;
      if (needed || newer < keepBytes || segment.number === this.open?.segment.number) return;
      await this.parts.files.unlink(segment.path);
      this.segments = this.segments.filter(({ number }) => number !== segment.number);
    }
  }

  /** Waits for what is queued and closes the file; later appends throw. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
    const open = this.open;
    this.open = null;
    await open?.file.close();
  }
}
