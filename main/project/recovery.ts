import { join } from 'node:path';
import type { RecoveryReport } from '#contract/entities';
import { writeFileAtomic } from './atomic-file';
import { readCommits, type CommitRecords } from './commit-record';
import { flushFolder, type FileSystem } from './file-system';
import type { JournalRecord } from './journal-record';
import {
  journalFolder,
  listSegments,
  scanSegment,
  segmentPath,
  type JournalSegment,
} from './journal-segment';

/** Everything that a project's journal folder tells on opening. */
export interface Recovered {
  readonly records: CommitRecords;
  readonly segments: readonly JournalSegment[];
  /** Records past the newest valid checkpoint, in order, without a gap. */
  readonly replay: readonly JournalRecord[];
  /** Every project step that the journal has, checkpoint or not, in order: project.json may be older than either. */
  readonly steps: readonly JournalRecord[];
  /** Sequence of the last record that counts. */
  readonly lastSequence: number;
  readonly setAside: { readonly records: number; readonly damaged: boolean };
}

/** Bytes that a recovery takes out of the journal. */
interface Remainder {
  readonly segment: JournalSegment;
  readonly bytes: Uint8Array;
  readonly records: number;
  readonly damaged: boolean;
}

/**
 * Reads the newest valid checkpoint record and the journal up to its first
 * bad record. A record whose sequence was seen before replaces what followed
 * it: the journal goes back only over records that were never acknowledged
 * (a flush failed and they were written again to the next file).
 *
 * `repair` moves everything after the first bad record to
 * journal/quarantine-…; without it (read-only) nothing on the disk changes.
 */
export async function recoverJournal(
  files: FileSystem,
  project: string,
  options: { readonly repair: boolean },
): Promise<Recovered> {
  const journal = journalFolder(project);
  const records = await readCommits(files, journal);
  const base = records.commits[0]?.sequence ?? 0;
  const segments: JournalSegment[] = [];
  const remainders: Remainder[] = [];
  let replay: JournalRecord[] = [];
  let steps: JournalRecord[] = [];
  let seen = 0;
  let last = base;
  let broken = false;
  for (const number of await listSegments(files, journal)) {
    const scan = await scanSegment(files, journal, number);
    const first = scan.segment.first;
    // Without any checkpoint record the journal starts where it starts.
    if (records.commits.length === 0 && segments.length === 0 && first !== null) last = first - 1;
    if (broken || (first !== null && first > last + 1)) {
      broken = true;
      const whole = await files.readFile(scan.segment.path);
      remainders.push({
        segment: { ...scan.segment, bytes: 0, first: null, last: null },
        bytes: whole,
        records: scan.records.length + (scan.rest === 'none' ? 0 : 1),
        damaged: true,
      });
      continue;
    }
    for (const record of scan.records) {
      if (record.sequence > last + 1) {
        broken = true;
        break;
      }
      if (record.sequence <= seen)
        steps = steps.filter(({ sequence }) => sequence < record.sequence);
      seen = record.sequence;
      if (record.kind === 'step') steps.push(record);
      if (record.sequence <= base) continue;
      if (record.sequence <= last)
        replay = replay.filter(({ sequence }) => sequence < record.sequence);
      replay.push(record);
      last = record.sequence;
    }
    segments.push(scan.segment);
    if (scan.rest !== 'none')
      remainders.push({
        segment: scan.segment,
        bytes: scan.restBytes,
        records: 1,
        damaged: scan.rest === 'damaged',
      });
  }
  if (options.repair && remainders.length > 0) await quarantine(files, journal, remainders);
  return {
    records,
    segments,
    replay,
    steps,
    lastSequence: last,
    setAside: {
      records: remainders.reduce((sum, remainder) => sum + remainder.records, 0),
      damaged: remainders.some(({ damaged }) => damaged),
    },
  };
}

async function quarantine(
  files: FileSystem,
  journal: string,
  remainders: readonly Remainder[],
): Promise<void> {
  for (const { segment, bytes } of remainders) {
    const name = `quarantine-${String(segment.number).padStart(6, '0')}-${String(segment.bytes)}.bin`;
    await writeFileAtomic(join(journal, name), bytes, { files, reserveBytes: 0 });
    const path = segmentPath(journal, segment.number);
    if (segment.bytes === 0) {
      await files.unlink(path);
      continue;
    }
    const handle = await files.open(path, 'r+');
    try {
      await handle.truncate(segment.bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await flushFolder(files, journal);
}

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

/** The sentence that the window shows after opening; null when there is nothing to say. `changes`: project steps that project.json did not have. */
export function recoveryReport(
  recovered: Recovered,
  changes: number,
  cleanShutdown: boolean,
): RecoveryReport | null {
  const strokesRecovered = recovered.replay.filter(({ kind }) => kind === 'label-patch').length;
  const { records, damaged } = recovered.setAside;
  if (strokesRecovered === 0 && changes === 0 && records === 0 && recovered.records.damaged.length === 0)
    return null;
  const aside = damaged
    ? `${String(records)} damaged ${records === 1 ? 'record was' : 'records were'} set aside in the journal folder.`
    : '0 lost.';
  const strokes = counted(strokesRecovered, 'stroke', 'strokes');
  const others = counted(changes, 'other change', 'other changes');
  const both = changes === 0 ? strokes : `${strokes} and ${others}`;
  const message = `Recovered ${both}${damaged ? ';' : ','} ${aside}`;
  return { strokesRecovered, recordsSetAside: records, cleanShutdown, message };
}
