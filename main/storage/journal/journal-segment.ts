import { join } from 'node:path';
import { fileNumber } from '../file-number';
import type { FileSystem } from '../file-system';
import { readRecord, type JournalRecord } from './journal-record';
import { Resynchronisation } from './resynchronisation';

/** Segments are closed at 16 MiB, but one record alone may be as long as the longest that is believed. */
export const LARGEST_SEGMENT = 2 ** 30 + 2 ** 26;

/** What all files of a journal have together: they are in memory at once when a project opens. */
export const LARGEST_JOURNAL = 2 * LARGEST_SEGMENT;

/** A file with records in the journal folder. */
export interface SegmentFile {
  readonly path: string;
  readonly number: number;
  /** A writer made it under this name; else it is a copy that a person or a sync client made. */
  readonly ours: boolean;
}

/** A segment file and what is known to be good and flushed in it. */
export interface JournalSegment extends SegmentFile {
  /** Bytes up to the end of the last good record. */
  readonly bytes: number;
  /** Lowest and highest sequence of its records; null for a segment without one. */
  readonly first: number | null;
  readonly last: number | null;
}

export function journalFolder(project: string): string {
  return join(project, 'journal');
}

/** Names as the writers give them; those of formats 1 and 2 had no generation. */
export function segmentPath(journal: string, number: number, generation?: number): string {
  const suffix = generation === undefined ? '' : `-g${fileNumber(generation)}`;
  return join(journal, `${fileNumber(number)}${suffix}.log`);
}

const ourName = /^(\d{6,9})(?:-g\d{6,9})?\.log$/;
/** Other files of ours with such an ending, and half-written ones. */
const otherName = /^(\.|aside-|merged-|quarantine-)/;

/**
 * Files of the journal folder that may hold records, ours by their numbers,
 * then copies under whatever name: "000001 (conflict).log", "copy of 000001.log".
 */
export async function listSegments(files: FileSystem, journal: string): Promise<SegmentFile[]> {
  const found: SegmentFile[] = [];
  for (const name of await files.list(journal)) {
    if (otherName.test(name) || !/\.log/i.test(name)) continue;
    const number = Number(/\d{6,9}/.exec(name)?.[0] ?? 0);
    found.push({ path: join(journal, name), number, ours: ourName.test(name) });
  }
  return found.sort((a, b) => Number(b.ours) - Number(a.ours) || a.number - b.number);
}

/** Bytes between two good records that are no record. */
export interface DamagedPart {
  readonly at: number;
  readonly bytes: Uint8Array;
  /** How many records it held, by the sequences on both sides; at least 1. */
  readonly records: number;
}

export interface SegmentScan {
  readonly segment: JournalSegment;
  readonly records: readonly JournalRecord[];
  /** Damage with good records behind it, in the order of the file. */
  readonly damage: readonly DamagedPart[];
  /** What follows the last good record: nothing, an unfinished record, or damage. */
  readonly rest: 'none' | 'unfinished' | 'damaged';
  readonly restBytes: Uint8Array;
}

/** Sequences jump at most this far over damage; what is read as farther is no record. */
const MOST_SKIPPED = 1 << 20;
/** What reading a record costs besides its bytes, as bytes. */
const READ_WORK = 1024;

/**
 * Reads all good records of a segment. Damage in the middle costs the records
 * that it hit and no others: a record is believed by its own checksum.
 */
export async function scanSegment(files: FileSystem, file: SegmentFile): Promise<SegmentScan> {
  const { path, number, ours } = file;
  const bytes = await files.readFile(path, LARGEST_SEGMENT);
  const records: JournalRecord[] = [];
  let lowest = Infinity;
  let highest = 0;
  const damage: DamagedPart[] = [];
  const search = new Resynchronisation(bytes);
  let at = 0;
  for (;;) {
    const read = readRecord(bytes, at);
    if (read.kind === 'record') {
      records.push(read.record);
      lowest = Math.min(lowest, read.record.sequence);
      highest = Math.max(highest, read.record.sequence);
      await search.worked(READ_WORK + read.end - at);
      at = read.end;
      continue;
    }
    const last = records.at(-1)?.sequence ?? null;
    const next = read.kind === 'bad' ? await search.next(at + 1, 1, highest + MOST_SKIPPED) : null;
    if (next) {
      const skipped = last === null ? 1 : next.record.sequence - last - 1;
      damage.push({ at, bytes: bytes.subarray(at, next.at), records: Math.max(1, skipped) });
      at = next.at;
      continue;
    }
    const rest = read.kind === 'end' ? 'none' : read.complete ? 'damaged' : 'unfinished';
    return {
      segment: {
        number,
        path,
        ours,
        bytes: at,
        first: records.length === 0 ? null : lowest,
        last: records.length === 0 ? null : highest,
      },
      records,
      damage,
      rest,
      restBytes: bytes.subarray(at),
    };
  }
}
