import type { JournalRecord } from './journal-record';

/** Far above what gathers between two checkpoints: only where no checkpoint succeeds is it reached. */
const MOST_BYTES = 256 << 20;

/** Records that no checkpoint has, in memory, to be written again should their files vanish. */
export class KeptRecords {
  private records: JournalRecord[] = [];
  private bytes = 0;

  constructor(records: readonly JournalRecord[]) {
    this.add(records);
  }

  get list(): readonly JournalRecord[] {
    return this.records;
  }

  add(records: readonly JournalRecord[]): void {
    for (const record of records) {
      this.records.push(record);
      this.bytes += record.payload.length;
    }
    while (this.bytes > MOST_BYTES)
      this.bytes -= this.records.shift()?.payload.length ?? this.bytes;
  }

  /** Those up to `sequence` are in a checkpoint. */
  drop(sequence: number): void {
    this.records = this.records.filter((record) => record.sequence > sequence);
    this.bytes = this.records.reduce((sum, { payload }) => sum + payload.length, 0);
  }
}
