import { dirname } from 'node:path';
import type { MembranaError } from '#contract/errors';
import {
  flushFolder,
  makeFolderDurably,
  unlinkIfThere,
  writeAll,
  type OpenFile,
} from '../file-system';
import { encodeRecord, type JournalRecord } from './journal-record';
import { scanSegment, segmentPath, type JournalSegment, type SegmentScan } from './journal-segment';
import { diskFull, isDiskFull, writeFailure } from '../write-errors';
import { KeptRecords } from './kept-records';
import { mergeRecords } from './merge-records';
import { SegmentWatch } from './segment-watch';
import type { SegmentParts } from './segment-parts';
import { takenOver } from './taken-over';
import { writeWhereAsked } from './write-where-asked';

/** Attempts at a batch: the first, one after the reserve went, one in a new segment. */
const ATTEMPTS = 3;
/** A record takes this much besides its payload, at most. */
export const RECORD_BYTES = 64;

interface OpenSegment {
  readonly segment: JournalSegment;
  readonly file: OpenFile;
}

/**
 * The files of a journal. What it has written is on the disk, under the name
 * where recovery looks for it, and the project was still ours after the flush.
 */
export class SegmentWriter {
  private segments: JournalSegment[];
  private open: OpenSegment | null = null;
  private nextNumber: number;
  /** Files of lower numbers hold nothing that is not in later ones or in a checkpoint. */
  private watchedFrom = 0;
  private foldedSequence: number;
  private readonly watch: SegmentWatch;
  readonly kept: KeptRecords;
  /** Another process holds the project now. */
  isLost = false;

  constructor(private readonly parts: SegmentParts) {
    this.segments = [...parts.segments];
    this.nextNumber = Math.max(0, ...parts.segments.map(({ number }) => number)) + 1;
    this.foldedSequence = parts.folded;
    this.kept = new KeptRecords(parts.kept);
    this.watch = new SegmentWatch(parts.files);
  }

  /**
   * Writes records of this generation.
   *
   * @throws MembranaError disk.full, file.write-failed, project.taken-over;
   *   then none of them counts
   */
  async write(records: readonly JournalRecord[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.attempt(records);
        return;
      } catch (error) {
        if (this.isLost) throw error;
        await this.leaveSegment();
        const full = isDiskFull(error);
        const freed = full && (await this.parts.reserve.release());
        if (freed) this.parts.onDiskFull(diskFull('the journal', error));
        if (full && !freed) throw this.failure(error);
        if (attempt < ATTEMPTS) continue;
        await this.writeElsewhere(records, error);
        return;
      }
    }
  }

  private failure(error: unknown): MembranaError {
    return writeFailure(segmentPath(this.parts.folder, this.nextNumber - 1), error);
  }

  private stamped(records: readonly JournalRecord[], segment: number): JournalRecord[] {
    const stamp = { ...this.parts.generation, segment };
    return records.map((record) => ({ ...record, stamp }));
  }

  private async attempt(records: readonly JournalRecord[]): Promise<void> {
    const size = records.reduce((sum, { payload }) => sum + payload.length + RECORD_BYTES, 0);
    const { segment, file } = await this.segmentFor(size);
    const stamped = this.stamped(records, segment.number);
    const bytes = Buffer.concat(stamped.map(encodeRecord));
    // A file that was cut would take the record behind a hole.
    if (!(await this.watch.areInPlace([segment]))) {
      await this.writeAgain(stamped);
      this.kept.add(stamped);
      return;
    }
    await writeAll(file, bytes, segment.bytes);
    await file.datasync();
    await this.mustHold(segment.path);
    this.grow(segment, bytes.length, stamped);
    if (!(await this.isInPlace())) await this.writeAgain(stamped);
    this.kept.add(stamped);
  }

  /** The journal folder takes nothing any more, however often it is tried. */
  private async writeElsewhere(records: readonly JournalRecord[], cause: unknown): Promise<void> {
    const stamped = this.stamped(records, this.nextNumber);
    try {
      await this.writeAgain(stamped);
    } catch (error) {
      throw this.isLost ? error : this.failure(cause);
    }
    this.kept.add(stamped);
  }

  /**
   * After the flush: whoever takes the project over before this finds what was
   * flushed. A project whose disk is gone can't be asked; what goes into the
   * rescue folder meanwhile counts by its generation when both are read.
   */
  private async mustHold(path: string): Promise<void> {
    const found = this.parts.claim.look();
    const isRescued = dirname(path) === this.parts.rescue;
    if ((await (isRescued ? found.catch(() => 'away') : found)) !== 'lost') return;
    this.isLost = true;
    throw takenOver();
  }

  /** Whether the files are in place that hold what no checkpoint has. */
  private isInPlace(): Promise<boolean> {
    const needed = this.segments.filter(
      ({ number, last }) => number >= this.watchedFrom && (last ?? Infinity) > this.foldedSequence,
    );
    return this.watch.areInPlace(needed);
  }

  /**
   * Writes what no checkpoint has, and `batch`, to a new file: in the journal
   * folder, which is made again where it is gone, or in the rescue folder. The
   * files that were found replaced are left as they are: copies harm nobody.
   */
  private async writeAgain(batch: readonly JournalRecord[]): Promise<void> {
    const { claim, folder } = this.parts;
    await this.open?.file.close().catch(() => undefined);
    this.open = null;
    const records = [...this.kept.list, ...batch];
    // Without its folder there is no project to write to: one that was moved must not grow a second body.
    const isThere = (await claim.look().catch(() => 'away')) !== 'away';
    let failure: unknown = Object.assign(new Error('the folder is gone'), { code: 'ENOENT' });
    for (const place of ['project', 'rescue'] as const) {
      const path = place === 'project' ? (isThere ? folder : null) : this.parts.rescue;
      if (path === null) continue;
      try {
        await this.writeFile(path, records);
        if (place === 'project') this.parts.reserve.look();
        this.parts.onMoved({ place, records: records.length });
        return;
      } catch (error) {
        if (this.isLost) throw error;
        failure = error;
        await this.leaveSegment();
      }
    }
    throw failure;
  }

  private async writeFile(folder: string, records: readonly JournalRecord[]): Promise<void> {
    const { files } = this.parts;
    if (folder === this.parts.rescue) await files.makeFolder(folder);
    else await makeFolderDurably(files, folder);
    const bytes = Buffer.concat(records.map(encodeRecord));
    const { segment, file } = await this.createSegment(folder);
    await writeAll(file, bytes, 0);
    await file.datasync();
    await this.mustHold(segment.path);
    const before = this.watchedFrom;
    this.watchedFrom = segment.number;
    this.grow(segment, bytes.length, records);
    if (await this.isInPlace()) return;
    this.watchedFrom = before;
    throw new Error('it was replaced again');
  }

  private grow(segment: JournalSegment, bytes: number, records: readonly JournalRecord[]): void {
    const grown: JournalSegment = {
      ...segment,
      bytes: segment.bytes + bytes,
      first: segment.first ?? records[0]?.sequence ?? null,
      last: records.at(-1)?.sequence ?? segment.last,
    };
    this.segments = this.segments.map((one) => (one.path === segment.path ? grown : one));
    if (this.open) this.open = { ...this.open, segment: grown };
  }

  private async segmentFor(bytes: number): Promise<OpenSegment> {
    const { folder, segmentBytes } = this.parts;
    const { open } = this;
    if (open && (open.segment.bytes === 0 || open.segment.bytes + bytes <= segmentBytes))
      return open;
    this.open = null;
    await open?.file.close();
    return this.createSegment(open ? dirname(open.segment.path) : folder);
  }

  /** Every opening writes files of its own: nobody else's end is continued. */
  private async createSegment(folder: string): Promise<OpenSegment> {
    const { files, generation } = this.parts;
    const number = this.nextNumber;
    this.nextNumber += 1;
    const path = segmentPath(folder, number, generation.generation);
    const file = await files.open(path, 'wx');
    const segment: JournalSegment = { number, path, ours: true, bytes: 0, first: null, last: null };
    this.open = { segment, file };
    this.segments.push(segment);
    await this.watch.opened(path, file);
    await flushFolder(files, folder);
    return this.open;
  }

  /**
   * After a failed write or flush nobody knows what the file holds past its
   * last good record, and a second flush that succeeds would prove nothing:
   * cut it there and go on in a new file.
   */
  private async leaveSegment(): Promise<void> {
    const left = this.open;
    this.open = null;
    if (!left) return;
    await left.file.truncate(left.segment.bytes).catch(() => undefined);
    await left.file.close().catch(() => undefined);
    if (left.segment.bytes > 0) return;
    this.segments = this.segments.filter(({ path }) => path !== left.segment.path);
    await this.parts.files.unlink(left.segment.path).catch(() => undefined);
  }

  /**
   * Looks once more whether everything is in its place, and writes it again
   * where it is not, at last where the user says.
   *
   * @throws MembranaError disk.full, file.write-failed: records that were
   *   reported saved are in memory alone
   */
  async confirm(): Promise<void> {
    if (this.isLost || this.kept.list.length === 0) return;
    try {
      if (await this.isInPlace().catch(() => false)) return;
      await this.writeAgain([]);
    } catch (error) {
      if (this.isTaken()) return;
      const number = this.nextNumber;
      if (!(await writeWhereAsked(this.parts, number, this.kept.list))) throw this.failure(error);
    }
  }

  /** Asked anew after every wait. */
  private isTaken(): boolean {
    return this.isLost;
  }

  /** A checkpoint has everything up to `sequence`. */
  folded(sequence: number): void {
    this.foldedSequence = sequence;
    this.kept.drop(sequence);
  }

  list(): readonly JournalSegment[] {
    return this.segments;
  }

  /** Records of all files that are there, ascending. */
  async read(): Promise<readonly JournalRecord[]> {
    const { files, generation, earlier } = this.parts;
    const scans: SegmentScan[] = [];
    for (const segment of [...this.segments])
      if (await files.status(segment.path)) scans.push(await scanSegment(files, segment));
    return mergeRecords(scans, [...earlier, generation]).records;
  }

  /** Deletes segments all of whose records are at or before `sequence`, but never of the newest `keepBytes`. */
  async drop(sequence: number, keepBytes: number): Promise<void> {
    let newer = this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
    const last = (segment: JournalSegment): number => segment.last ?? Number.MAX_SAFE_INTEGER;
    for (const segment of [...this.segments].sort((a, b) => last(a) - last(b))) {
      newer -= segment.bytes;
      const isOpen = segment.path === this.open?.segment.path;
      if (last(segment) > sequence || newer < keepBytes || isOpen) return;
      await unlinkIfThere(this.parts.files, segment.path);
      this.segments = this.segments.filter(({ path }) => path !== segment.path);
    }
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.file.close();
  }
}
