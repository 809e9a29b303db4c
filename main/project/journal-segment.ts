import { join } from 'node:path';
import type { FileSystem } from './file-system';
import { readRecord, type JournalRecord } from './journal-record';

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

export interface SegmentScan {
  readonly segment: JournalSegment;
  readonly records: readonly JournalRecord[];
  /** What follows the last good record: nothing, an unfinished record, or damage. */
  readonly rest: 'none' | 'unfinished' | 'damaged';
  readonly restBytes: Uint8Array;
}

/** Reads a segment up to its first bad record. */
export async function scanSegment(
  files: FileSystem,
  journal: string,
  number: number,
): Promise<SegmentScan> {
  const path = segmentPath(journal, number);
  const bytes = await files.readFile(path);
  const records: JournalRecord[] = [];
  let at = 0;
  for (;;) {
    const read = readRecord(bytes, at);
    if (read.kind === 'record') {
      records.push(read.record);
      at = read.end;
      continue;
    }
    const rest = read.kind === 'end' ? 'none' : read.complete ? 'damaged' : 'unfinished';
    return {
      segment: {
        number,
        path,
        bytes: at,
        first: records[0]?.sequence ?? null,
        last: records.at(-1)?.sequence ?? null,
      },
      records,
      rest,
      restBytes: bytes.subarray(at),
    };
  }
}
