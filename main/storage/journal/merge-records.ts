import type { FileSystem } from '../file-system';
import type { Generation, JournalRecord } from './journal-record';
import { listSegments, scanSegment, type SegmentScan } from './journal-segment';

/** The records of all files of a journal, each once. */
export interface MergedRecords {
  /** One a sequence, ascending. */
  readonly records: readonly JournalRecord[];
  /** Written by a generation that had lost the project already: no part of its history. */
  readonly late: readonly JournalRecord[];
  /** Every generation that left a record. */
  readonly generations: readonly Generation[];
}

/** What one generation wrote to one segment, wherever its copies lie. */
interface Group {
  readonly generation: number;
  readonly segment: number;
  readonly records: JournalRecord[];
}

function isSame(a: JournalRecord, b: JournalRecord): boolean {
  return a.kind === b.kind && Buffer.compare(a.payload, b.payload) === 0;
}

function groupsOf(scans: Scans): Group[] {
  const groups = new Map<string, Group>();
  for (const { segment: file, records } of scans)
    for (const record of records) {
      const generation = record.stamp?.generation ?? 0;
      const segment = record.stamp?.segment ?? file.number;
      const key = `${String(generation)}/${String(segment)}`;
      const group = groups.get(key) ?? { generation, segment, records: [] };
      group.records.push(record);
      groups.set(key, group);
    }
  return [...groups.values()].sort((a, b) => a.generation - b.generation || a.segment - b.segment);
}

/** The history as it grows, group by group. */
class History {
  readonly late: JournalRecord[] = [];
  private readonly bySequence = new Map<number, JournalRecord>();

  /** `limit`: where a later generation took over. */
  add({ records }: Group, limit: number): void {
    const own = new Map<number, JournalRecord>();
    for (const record of records) {
      const known = own.get(record.sequence);
      if (record.sequence > limit || (known && !isSame(known, record))) this.late.push(record);
      else if (!known) own.set(record.sequence, record);
    }
    for (const record of [...own.values()].sort((a, b) => a.sequence - b.sequence)) {
      const known = this.bySequence.get(record.sequence);
      if (known && isSame(known, record)) continue;
      // A writer goes back only over records whose flush had failed: nobody was told that they are saved.
      if (known) this.cut(record.sequence);
      this.bySequence.set(record.sequence, record);
    }
  }

  private cut(from: number): void {
    for (const sequence of [...this.bySequence.keys()])
      if (sequence >= from) this.bySequence.delete(sequence);
  }

  get records(): JournalRecord[] {
    return [...this.bySequence.values()].sort((a, b) => a.sequence - b.sequence);
  }
}

/** What the records themselves say of the generations that wrote them. */
function generationsOf(scans: Scans): Generation[] {
  const found = new Map<number, number>();
  for (const { records } of scans)
    for (const { stamp } of records)
      if (stamp)
        found.set(stamp.generation, Math.min(found.get(stamp.generation) ?? Infinity, stamp.after));
  return [...found].map(([generation, after]) => ({ generation, after }));
}

/** Up to which sequence what `generation` wrote counts. */
export function limitOf(generation: number, known: readonly Generation[]): number {
  return known.reduce(
    (limit, later) => (later.generation > generation ? Math.min(limit, later.after) : limit),
    Infinity,
  );
}

type Scans = readonly Pick<SegmentScan, 'segment' | 'records'>[];

/**
 * Takes every record once, by generation, segment and sequence, whatever the
 * files are called and in whatever order they lie. Of two different records
 * with one number the one of the later segment counts; what a generation wrote
 * past the point where the next one took over is late. `known`: generations
 * that may have left no record.
 */
export function mergeRecords(scans: Scans, known: readonly Generation[] = []): MergedRecords {
  const generations = [...known, ...generationsOf(scans)];
  const history = new History();
  for (const group of groupsOf(scans)) history.add(group, limitOf(group.generation, generations));
  return { records: history.records, late: history.late, generations };
}

/** Every good record of the folder with a sequence past `after`, ascending; for a reader beside the writer. */
export async function* readRecordsAfter(
  files: FileSystem,
  journal: string,
  after: number,
): AsyncGenerator<JournalRecord> {
  const scans: SegmentScan[] = [];
  for (const file of await listSegments(files, journal)) {
    // The writer may have dropped it meanwhile: then a checkpoint has what was in it.
    if (!(await files.status(file.path))) continue;
    scans.push(await scanSegment(files, file));
  }
  for (const record of mergeRecords(scans).records) if (record.sequence > after) yield record;
}
