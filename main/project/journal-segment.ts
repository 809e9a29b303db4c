import { join } from 'node:path';
import type { FileSystem } from './file-system';
import { readRecord, type JournalRecord } from './journal-record';
import { Resynchronisation } from './resynchronisation';

/** Segments are closed at 16 MiB, but one record alone may be as long as the longest that is believed. */
const LARGEST_SEGMENT = 2 ** 30 + 2 ** 26;

/** A segment file and what is known to be good and flushed in it. */
export interface JournalSegment {
  readonly number: number;
  readonly path: string;
  /** Bytes up to the end of the last good record. */
  readonly bytes: number;
  /** Sequences of its records; null for a segment without one. */
  readonly first: number | null;
  readonly last: number | null;
}

export function journalFolder(project: string): string {
  return join(project, 'journal');
}

export function segmentPath(journal: string, number: number): string {
  return join(journal, `${String(number).padStart(6, '0')}.log`);
}

/** Numbers of the segment files in the journal folder, ascending. */
export async function listSegments(files: FileSystem, journal: string): Promise<number[]> {
  const names = await files.list(journal);
  return names
    .flatMap((name) => {
      const match = /^(\d{6,9})\.log$/.exec(name);
      return match ? [Number(match[1])] : [];
    })
    .sort((a, b) => a - b);
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
export async function scanSegment(
  files: FileSystem,
  journal: string,
  number: number,
): Promise<SegmentScan> {
  const path = segmentPath(journal, number);
  const bytes = await files.readFile(path, LARGEST_SEGMENT);
  const records: JournalRecord[] = [];
  const damage: DamagedPart[] = [];
  const search = new Resynchronisation(bytes);
  let at = 0;
  for (;;) {
    const read = readRecord(bytes, at);
    if (read.kind === 'record') {
      records.push(read.record);
      await search.worked(READ_WORK + read.end - at);
      at = read.end;
      continue;
    }
    const last = records.at(-1)?.sequence ?? null;
    const next =
      read.kind === 'bad'
        ? await search.next(at + 1, (last ?? 0) + 1, (last ?? 0) + MOST_SKIPPED)
        : null;
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
        bytes: at,
        first: records[0]?.sequence ?? null,
        last,
      },
      records,
      damage,
      rest,
      restBytes: bytes.subarray(at),
    };
  }
}

/** Good records with a sequence past `after`, in the order of the files; for a reader beside the writer. */
export async function* readRecordsAfter(
  files: FileSystem,
  journal: string,
  after: number,
): AsyncGenerator<JournalRecord> {
  for (const number of await listSegments(files, journal)) {
    // The writer may have dropped it meanwhile: then a checkpoint has what was in it.
    const there = await files.status(segmentPath(journal, number));
    if (!there) continue;
    const { records } = await scanSegment(files, journal, number);
    for (const record of records) if (record.sequence > after) yield record;
  }
}
