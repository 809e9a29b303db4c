import { setImmediate as nextTurn } from 'node:timers/promises';
import { readRecord, type JournalRecord } from './journal-record';

/** Layout of a record, as journal-record has it: bytes without a payload, where its sequence ends, and where its kind stands. */
const SMALLEST_RECORD = 25;
const SEQUENCE_AT = 8;
const HIGHEST_BYTE_AT = SEQUENCE_AT + 7;
const KIND_AT = 24;
const MOST_KINDS = 15;

/** Bytes of checksums that a byte of the file may cost, and what a small file may cost in any case. */
const WORK_PER_BYTE = 8;
const LEAST_WORK = 64 << 20;
/** What looks like a record costs this much besides the bytes that it announces. */
const WORK_PER_LOOK = 4096;
/** Work after which others get their turn: some milliseconds. */
const WORK_AT_ONCE = 4 << 20;
const zeros = new Uint8Array(4096);

/**
 * Finds the good records behind damage in the bytes of a journal file. All
 * searches in one file together cost at most a fixed number of checksummed
 * bytes for each of its bytes: bytes that were made to look like the heads of
 * long records everywhere end the search; they are set aside like any other
 * damage. Gives the thread back every few milliseconds.
 */
export class Resynchronisation {
  private left: number;
  private sinceTurn = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.left = WORK_PER_BYTE * bytes.length + LEAST_WORK;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Counts work done; others get their turn now and then. */
  async worked(amount: number): Promise<void> {
    this.sinceTurn += amount;
    if (this.sinceTurn < WORK_AT_ONCE) return;
    this.sinceTurn = 0;
    await nextTurn();
  }

  /** The next good record from `at` with a sequence in [least, most]; null when there is none. */
  async next(
    at: number,
    least: number,
    most: number,
  ): Promise<{ readonly at: number; readonly record: JournalRecord } | null> {
    const { bytes } = this;
    const end = bytes.length - SMALLEST_RECORD;
    for (let start = at; start <= end && this.left > 0; start += 1) {
      // Looked at first, because the checksum of every place would take minutes.
      const highest = bytes[start + HIGHEST_BYTE_AT] ?? 0;
      if (highest === 0) start += this.zerosFrom(start + HIGHEST_BYTE_AT);
      if (start % zeros.length === 0) await this.worked(zeros.length);
      if (highest < 0x3f || highest > 0x43 || !this.mayBeRecord(start, least, most)) continue;
      const work = WORK_PER_LOOK + this.view.getUint32(start, true);
      this.left -= work;
      const read = readRecord(bytes, start);
      if (read.kind === 'record') return { at: start, record: read.record };
      await this.worked(work);
    }
    return null;
  }

  /** Bytes that can be skipped where a whole block holds nothing. */
  private zerosFrom(position: number): number {
    if (position % zeros.length !== 0 || position + zeros.length > this.bytes.length) return 0;
    const block = this.bytes.subarray(position, position + zeros.length);
    return Buffer.compare(block, zeros) === 0 ? zeros.length - 1 : 0;
  }

  /** Whether sequence, length and kind are those of a record that ends within the bytes. */
  private mayBeRecord(start: number, least: number, most: number): boolean {
    const sequence = this.view.getFloat64(start + SEQUENCE_AT, true);
    if (!Number.isInteger(sequence) || sequence < least || sequence > most) return false;
    const kind = this.bytes[start + KIND_AT] ?? 0;
    return (
      kind >= 1 &&
      kind <= MOST_KINDS &&
      this.view.getUint32(start, true) + SEQUENCE_AT <= this.bytes.length - start
    );
  }
}
