import { crc32 } from 'node:zlib';
import { limits } from '#contract/limits';
import { LARGEST_NUMBER } from '../file-number';

/*
 * Record, little-endian: u32 length of what follows the CRC, u32 CRC-32 of
 * length and what follows, f64 sequence, f64 time, u8 kind, since format 3 the
 * stamp (u32 generation, u32 segment, f64 after), payload. A segment file is
 * records end to end. Kinds 1 and 3 are label patches
 * (#contract/label-patch-codec), kinds 2 and 4 other steps of the history
 * (#contract/project-step); 1 and 2 have no stamp.
 */
const PREFIX = 8;
const FIXED = 17;
const STAMP = 16;
/** A patch that fills a slice of 16k² pixel by pixel before and after is 512 MiB; nothing longer is believed. */
const MAX_LENGTH = 1 << 30;

export type RecordKind = 'label-patch' | 'step';

/** One opening of a project for writing. Each has a higher number than all before it. */
export interface Generation {
  readonly generation: number;
  /** The last sequence that it found: what an earlier one wrote past it was written too late. */
  readonly after: number;
}

/** Where a record was first written; it keeps that in every copy. */
export interface RecordStamp extends Generation {
  /** Number of the segment file. */
  readonly segment: number;
}

export interface JournalRecord {
  /** Counts up by one a record within a project. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: RecordKind;
  readonly payload: Uint8Array;
  /** Formats 1 and 2 have none. */
  readonly stamp?: RecordStamp;
}

const kindCodes: Readonly<Record<RecordKind, number>> = { 'label-patch': 1, step: 2 };
/** Added to the code of a kind when a stamp follows. */
const STAMPED = 2;

function kindOf(code: number): RecordKind | null {
  if (code === kindCodes['label-patch'] || code === kindCodes['label-patch'] + STAMPED)
    return 'label-patch';
  return code === kindCodes.step || code === kindCodes.step + STAMPED ? 'step' : null;
}

export function encodeRecord(record: JournalRecord): Uint8Array<ArrayBuffer> {
  const { stamp } = record;
  const fixed = stamp ? FIXED + STAMP : FIXED;
  const bytes = new Uint8Array(PREFIX + fixed + record.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, fixed + record.payload.length, true);
  view.setFloat64(8, record.sequence, true);
  view.setFloat64(16, record.time, true);
  view.setUint8(24, kindCodes[record.kind] + (stamp ? STAMPED : 0));
  if (stamp) {
    view.setUint32(25, stamp.generation, true);
    view.setUint32(29, stamp.segment, true);
    view.setFloat64(33, stamp.after, true);
  }
  bytes.set(record.payload, PREFIX + fixed);
  view.setUint32(4, crc32(bytes.subarray(PREFIX), crc32(bytes.subarray(0, 4))), true);
  return bytes;
}

export type ReadRecord =
  | { readonly kind: 'record'; readonly record: JournalRecord; readonly end: number }
  /** `complete`: all bytes that the record announces are there, but they are wrong. */
  | { readonly kind: 'bad'; readonly complete: boolean }
  | { readonly kind: 'end' };

/** Reads the record at `at`; the payload is a view on `bytes`, not a copy. */
export function readRecord(bytes: Uint8Array, at: number): ReadRecord {
  const left = bytes.length - at;
  if (left === 0) return { kind: 'end' };
  if (left < PREFIX + FIXED) return { kind: 'bad', complete: false };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, left);
  const length = view.getUint32(0, true);
  if (length < FIXED || length > MAX_LENGTH) return { kind: 'bad', complete: true };
  if (PREFIX + length > left) return { kind: 'bad', complete: false };
  const end = at + PREFIX + length;
  const expected = crc32(bytes.subarray(at + PREFIX, end), crc32(bytes.subarray(at, at + 4)));
  const sequence = view.getFloat64(8, true);
  const code = view.getUint8(24);
  const kind = kindOf(code);
  const stamped = code > STAMPED;
  const fixed = stamped ? FIXED + STAMP : FIXED;
  if (
    expected !== view.getUint32(4, true) ||
    kind === null ||
    length < fixed ||
    !Number.isInteger(sequence) ||
    sequence < 0 ||
    sequence > limits.sequence
  )
    return { kind: 'bad', complete: true };
  const time = view.getFloat64(16, true);
  const payload = bytes.subarray(at + PREFIX + fixed, end);
  const record = { sequence, time, kind, payload };
  if (!stamped) return { kind: 'record', end, record };
  const stamp = {
    generation: view.getUint32(25, true),
    segment: view.getUint32(29, true),
    after: view.getFloat64(33, true),
  };
  const { after } = stamp;
  if (stamp.generation > LARGEST_NUMBER || !(after >= 0 && after <= limits.sequence))
    return { kind: 'bad', complete: true };
  return { kind: 'record', end, record: { ...record, stamp } };
}
