import { basename, dirname, join } from 'node:path';
import { tooLarge } from '#main/storage/entry-errors';
import { writeFileAtomic } from '../atomic-file';
import { readCommits, type CommitRecords } from './commit-record';
import { flushFolder, unlinkIfThere, type FileSystem } from '../file-system';
import { encodeRecord, type Generation, type JournalRecord } from '../journal/journal-record';
import {
  journalFolder,
  LARGEST_JOURNAL,
  listSegments,
  scanSegment,
  type JournalSegment,
  type SegmentFile,
  type SegmentScan,
} from '../journal/journal-segment';
import { AsideWriter, readAsideFiles, stepKey } from '../journal/aside-file';
import { readLastSaved } from '../journal/last-saved';
import { mergeRecords } from '../journal/merge-records';

/** Everything that a project's journal folder tells on opening. */
export interface Recovered {
  readonly records: CommitRecords;
  readonly segments: readonly JournalSegment[];
  /** Records past the newest valid checkpoint, in order. */
  readonly replay: readonly JournalRecord[];
  /** Every project step that the journal has, checkpoint or not, in order: project.json may be older than either. */
  readonly steps: readonly JournalRecord[];
  /** Sequence up to which the label images hold everything. */
  readonly folded: number;
  /** Sequence of the last record that counts, or of the last one that was reported saved. */
  readonly lastSequence: number;
  readonly setAside: { readonly records: number; readonly damaged: boolean };
  /** Strokes past the newest checkpoint that no good record holds. */
  readonly missing: number;
  /** Whether it is known how far the project was saved: older formats never said, or the file that says it is gone. */
  readonly end: 'known' | 'untold' | 'forgotten';
  /** Steps in files of their own, painted by a process that had lost the project. */
  readonly aside: number;
  /** Openings for writing that left a trace. */
  readonly generations: readonly Generation[];
}

/** Bytes that a recovery takes out of the journal. */
interface Remainder {
  readonly file: string;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly records: number;
  readonly damaged: boolean;
}

/** A copy that was cut or damaged is no loss by itself: what it lacks shows in the numbers. */
function remaindersOf({ segment, damage, rest, restBytes }: SegmentScan): Remainder[] {
  if (!segment.ours) return [];
  const file = basename(segment.path, '.log');
  const between = damage.map((part) => ({ file, damaged: true, ...part }));
  if (rest === 'none') return between;
  const damaged = rest === 'damaged';
  return [...between, { file, at: segment.bytes, bytes: restBytes, records: 1, damaged }];
}

export interface RecoveryOptions {
  /**
   * Moves damaged and unfinished bytes to journal/quarantine-…, and what was
   * painted too late to journal/aside-…; without it (read-only) nothing on the
   * disk changes.
   */
  readonly repair: boolean;
  /** Where records went while the project folder was gone; null = nowhere. */
  readonly rescue?: string | null;
}

/**
 * Reads the newest valid checkpoint record and every good record of the
 * journal, each once, whatever its file is called. Damage costs the records
 * that it hit; those behind it were acknowledged too, and patches are
 * absolute, so they count. How far the project was saved is known from
 * last-saved.bin, so that a lost end is counted as missing.
 */
export async function recoverJournal(
  files: FileSystem,
  project: string,
  { repair, rescue = null }: RecoveryOptions,
): Promise<Recovered> {
  const journal = journalFolder(project);
  const saved = await readLastSaved(files, project);
  const scans: SegmentScan[] = [];
  const remainders: Remainder[] = [];
  for (const folder of rescue === null ? [journal] : [journal, rescue])
    for (const file of await affordable(files, folder)) {
      const scan = await scanIfReadable(files, file);
      if (!scan) continue;
      const found = remaindersOf(scan);
      remainders.push(...found);
      scans.push(repair && found.length > 0 ? await repaired(files, journal, scan, found) : scan);
    }
  const known = saved ? [saved] : [];
  // Checkpoints tell of generations whose records are all folded in, and the journal of others.
  const all = await readCommits(files, journal, known);
  const named = [...all.commits, ...all.pending].filter(({ generation }) => generation > 0);
  const { records, late, generations } = mergeRecords(scans, [...known, ...named]);
  const commits = await readCommits(files, journal, generations);
  const base = commits.commits[0]?.sequence ?? 0;
  const replay = records.filter(({ sequence }) => sequence > base);
  const first = records[0]?.sequence ?? 1;
  // Without any checkpoint record the label images hold what was folded, as far as anybody knows.
  const start = commits.commits.length > 0 ? base : (saved?.folded ?? first - 1);
  const last = Math.max(base, start, replay.at(-1)?.sequence ?? 0, saved?.acknowledged ?? 0);
  const found = replay.filter(({ sequence }) => sequence > start).length;
  const aside = await unmerged(files, journal, rescue, late, repair);
  const segments = repair ? await withoutLate(files, scans, late) : scans;
  return {
    records: commits,
    segments: segments.flatMap(({ segment }) =>
      segment.first !== null || !repair ? [segment] : [],
    ),
    replay,
    steps: records.filter(({ kind }) => kind === 'step'),
    folded: start,
    lastSequence: last,
    setAside: {
      records: remainders.reduce((sum, remainder) => sum + remainder.records, 0),
      damaged: remainders.some(({ damaged }) => damaged),
    },
    missing: last - start - found,
    end: saved ? 'known' : generations.length > 0 ? 'forgotten' : 'untold',
    aside,
    generations,
  };
}

/**
 * The files with records in a folder, as far as there is memory for them; copies are left out first.
 *
 * @throws MembranaError file.too-large when our own take more
 */
async function affordable(files: FileSystem, folder: string): Promise<SegmentFile[]> {
  const found: SegmentFile[] = [];
  let bytes = 0;
  for (const file of await listSegments(files, folder)) {
    const size = (await files.status(file.path))?.bytes ?? 0;
    if (bytes + size <= LARGEST_JOURNAL) {
      found.push(file);
      bytes += size;
    } else if (file.ours) throw tooLarge(basename(folder), bytes + size, LARGEST_JOURNAL);
  }
  return found;
}

/** A copy that is no plain file, or can't be read, is nobody's loss by itself. */
async function scanIfReadable(files: FileSystem, file: SegmentFile): Promise<SegmentScan | null> {
  try {
    return await scanSegment(files, file);
  } catch (error) {
    if (file.ours) throw error;
    return null;
  }
}

/** Puts late steps that are in no file of their own into one; how many wait there to be merged. */
async function unmerged(
  files: FileSystem,
  journal: string,
  rescue: string | null,
  late: readonly JournalRecord[],
  repair: boolean,
): Promise<number> {
  const folders = rescue === null ? [journal] : [journal, rescue];
  const there = (await Promise.all(folders.map((folder) => readAsideFiles(files, folder)))).flat();
  const known = new Set(there.flatMap(({ records }) => records.map(stepKey)));
  const waiting = new Set(
    there.flatMap(({ merged, records }) => (merged ? [] : records.map(stepKey))),
  );
  const fresh = late.filter((record) => !known.has(stepKey(record)));
  for (const record of fresh) waiting.add(stepKey(record));
  if (repair && fresh.length > 0) {
    const writer = new AsideWriter(files, { journal, rescue }, fresh[0]?.stamp?.generation ?? 0);
    for (const record of fresh) await writer.add(record);
    await writer.close();
  }
  return waiting.size;
}

/** Takes late records, which are in files of their own now, out of the segments. */
async function withoutLate(
  files: FileSystem,
  scans: readonly SegmentScan[],
  late: readonly JournalRecord[],
): Promise<SegmentScan[]> {
  const gone = new Set(late.map(stepKey));
  const left: SegmentScan[] = [];
  for (const scan of scans) {
    const records = scan.records.filter((record) => !gone.has(stepKey(record)));
    if (records.length === scan.records.length) left.push(scan);
    else if (records.length === 0) await unlinkIfThere(files, scan.segment.path);
    else left.push(await rewritten(files, scan, records));
  }
  return left;
}

async function rewritten(
  files: FileSystem,
  scan: SegmentScan,
  records: readonly JournalRecord[],
): Promise<SegmentScan> {
  const good = Buffer.concat(records.map(encodeRecord));
  await writeFileAtomic(scan.segment.path, good, { files, reserveBytes: 0 });
  const sequences = records.map(({ sequence }) => sequence);
  const segment: JournalSegment = {
    ...scan.segment,
    bytes: good.length,
    first: sequences.reduce((a, b) => Math.min(a, b), Infinity),
    last: sequences.reduce((a, b) => Math.max(a, b), 0),
  };
  return { ...scan, segment, records, damage: [], rest: 'none', restBytes: new Uint8Array() };
}

const zeros = new Uint8Array(64 << 10);

/** Without the zeros at the end of a file that was made longer and never filled. */
function filledPart(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > zeros.length && Buffer.compare(bytes.subarray(end - zeros.length, end), zeros) === 0)
    end -= zeros.length;
  return bytes.subarray(0, end);
}

/** Puts what is no record into quarantine and takes it out of the segment's file; one without any record goes there as it is. */
async function repaired(
  files: FileSystem,
  journal: string,
  scan: SegmentScan,
  remainders: readonly Remainder[],
): Promise<SegmentScan> {
  const { segment, records, damage } = scan;
  const place = ({ file, at }: Remainder): string =>
    join(journal, `quarantine-${file}-${String(at)}.bin`);
  const [first] = remainders;
  if (records.length === 0 && first && dirname(segment.path) === journal) {
    await files.rename(segment.path, place(first));
    await flushFolder(files, journal);
    return { ...scan, segment: { ...segment, bytes: 0 } };
  }
  for (const remainder of remainders)
    await writeFileAtomic(place(remainder), filledPart(remainder.bytes), {
      files,
      reserveBytes: 0,
    });
  if (records.length === 0) {
    await files.unlink(segment.path);
    return { ...scan, segment: { ...segment, bytes: 0 } };
  }
  if (damage.length > 0) return rewritten(files, scan, records);
  const handle = await files.open(segment.path, 'r+');
  try {
    await handle.truncate(segment.bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return scan;
}
