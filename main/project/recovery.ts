import { join } from 'node:path';
import type { RecoveryReport } from '#contract/entities';
import { writeFileAtomic } from './atomic-file';
import { readCommits, type CommitRecords } from './commit-record';
import type { FileSystem } from './file-system';
import { encodeRecord, type JournalRecord } from './journal-record';
import {
  journalFolder,
  listSegments,
  scanSegment,
  type JournalSegment,
  type SegmentScan,
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
  /** Strokes past the newest checkpoint that no good record holds. */
  readonly missing: number;
}

/** Bytes that a recovery takes out of the journal. */
interface Remainder {
  readonly number: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly records: number;
  readonly damaged: boolean;
}

function remaindersOf({ segment, damage, rest, restBytes }: SegmentScan): Remainder[] {
  const { number } = segment;
  const between = damage.map((part) => ({ number, damaged: true, ...part }));
  if (rest === 'none') return between;
  const damaged = rest === 'damaged';
  return [...between, { number, at: segment.bytes, bytes: restBytes, records: 1, damaged }];
}

/**
 * Reads the newest valid checkpoint record and every good record of the
 * journal. A record whose sequence was seen before replaces what followed it:
 * the journal goes back only over records that were never acknowledged (a
 * flush failed and they were written again to the next file). Damage costs
 * the records that it hit; those behind it were acknowledged too, and patches
 * are absolute, so they count.
 *
 * `repair` moves damaged and unfinished bytes to journal/quarantine-…;
 * without it (read-only) nothing on the disk changes.
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
  let start = base;
  let last = base;
  for (const number of await listSegments(files, journal)) {
    const scan = await scanSegment(files, journal, number);
    const { first } = scan.segment;
    // Without any checkpoint record the journal starts where it starts.
    if (records.commits.length === 0 && segments.length === 0 && first !== null)
      last = start = first - 1;
    for (const record of scan.records) {
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
    const found = remaindersOf(scan);
    remainders.push(...found);
    segments.push(scan.segment);
    if (!options.repair || found.length === 0) continue;
    await quarantine(files, journal, found);
    segments[segments.length - 1] = await withoutDamage(files, scan);
  }
  return {
    records,
    segments: segments.filter(({ first }) => first !== null || !options.repair),
    replay,
    steps,
    lastSequence: last,
    setAside: {
      records: remainders.reduce((sum, remainder) => sum + remainder.records, 0),
      damaged: remainders.some(({ damaged }) => damaged),
    },
    missing: last - start - replay.length,
  };
}

async function quarantine(
  files: FileSystem,
  journal: string,
  remainders: readonly Remainder[],
): Promise<void> {
  for (const { number, at, bytes } of remainders) {
    const name = `quarantine-${String(number).padStart(6, '0')}-${String(at)}.bin`;
    await writeFileAtomic(join(journal, name), bytes, { files, reserveBytes: 0 });
  }
}

/** Takes out of a segment's file what is in quarantine now; the file goes when nothing is left. */
async function withoutDamage(files: FileSystem, scan: SegmentScan): Promise<JournalSegment> {
  const { segment, records, damage } = scan;
  if (records.length === 0) {
    await files.unlink(segment.path);
    return { ...segment, bytes: 0 };
  }
  if (damage.length > 0) {
    const good = Buffer.concat(records.map(encodeRecord));
    await writeFileAtomic(segment.path, good, { files, reserveBytes: 0 });
    return { ...segment, bytes: good.length };
  }
  const handle = await files.open(segment.path, 'r+');
  try {
    await handle.truncate(segment.bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return segment;
}

function strokes(count: number): string {
  return `${String(count)} ${count === 1 ? 'stroke' : 'strokes'}`;
}

function withChanges(count: number, changes: number): string {
  if (changes === 0) return strokes(count);
  return `${strokes(count)} and ${String(changes)} other ${changes === 1 ? 'change' : 'changes'}`;
}

/** The sentence that the window shows after opening; null when there is nothing to say. `changes`: project steps that project.json did not have. */
export function recoveryReport(
  recovered: Recovered,
  changes: number,
  cleanShutdown: boolean,
): RecoveryReport | null {
  const strokesRecovered = recovered.replay.filter(({ kind }) => kind === 'label-patch').length;
  const { records, damaged } = recovered.setAside;
  const { missing } = recovered;
  if (
    strokesRecovered === 0 &&
    changes === 0 &&
    records === 0 &&
    missing === 0 &&
    recovered.records.damaged.length === 0
  )
    return null;
  const whole = !damaged && missing === 0;
  const message = [
    `Recovered ${withChanges(strokesRecovered, changes)}${whole ? ', 0 lost.' : ';'}`,
    damaged
      ? `${String(records)} damaged ${records === 1 ? 'record was' : 'records were'} set aside in the journal folder.`
      : '',
    !damaged && missing > 0 ? `${strokes(missing)} are missing from the journal.` : '',
  ]
    .filter(Boolean)
    .join(' ');
  return {
    strokesRecovered,
    recordsSetAside: records,
    strokesMissing: missing,
    complete: whole,
    cleanShutdown,
    message,
  };
}
