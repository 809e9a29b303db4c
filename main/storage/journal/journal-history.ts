import type { JournalRecord } from './journal-record';

/** The newest records whose payloads fit in `bytes`, oldest first, with sequences that have no gap. */
export async function newestRecords(
  records: AsyncIterable<JournalRecord> | Iterable<JournalRecord>,
  bytes: number,
): Promise<JournalRecord[]> {
  let kept: JournalRecord[] = [];
  let held = 0;
  for await (const record of records) {
    const last = kept.at(-1);
    if (last && record.sequence !== last.sequence + 1) {
      // Going back replaces records that were never acknowledged; a gap ends what came before.
      const goesOn = record.sequence <= last.sequence;
      kept = goesOn ? kept.filter(({ sequence }) => sequence < record.sequence) : [];
      held = kept.reduce((sum, { payload }) => sum + payload.length, 0);
    }
    kept.push(record);
    held += record.payload.length;
    while (held > bytes) held -= kept.shift()?.payload.length ?? held;
  }
  return kept;
}
