import { crc32 } from 'node:zlib';

/*
 * Record, little-endian: u32 length of what follows the CRC, u32 CRC-32 of
 * length and what follows, f64 sequence, f64 time, u8 kind, payload. A segment
 * file is records end to end. Kind 1 is a label patch (#contract/label-patch-codec),
 * kind 2, since format 2, another step of the history (#contract/project-step).
 */
const PREFIX = 8;
const FIXED = 17;
/** A patch that fills a slice of 16k² pixel by pixel before and after is 512 MiB; nothing longer is believed. */
const MAX_LENGTH = 1 << 30;

export type RecordKind = 'label-patch' | 'step';

export interface JournalRecord {
  /** Counts up by one a record within a project. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: RecordKind;
  readonly payload: Uint8Array;
}

const kindCodes: Readonly<Record<RecordKind, number>> = { 'label-patch': 1, step: 2 };

function kindOf(code: number): RecordKind | null {
  if (code === kindCodes['label-patch']) return 'label-patch';
  return code === kindCodes.step ? 'step' : null;
}

export function encodeRecord(record: JournalRecord): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PREFIX + FIXED + record.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FIXED + record.payload.length, true);
  view.setFloat64(8, record.sequence, true);
  view.setFloat64(16, record.time, true);
  view.setUint8(24, kindCodes[record.kind]);
  bytes.set(record.payload, PREFIX + FIXED);
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
  const kind = kindOf(view.getUint8(24));
  if (expected !== view.getUint32(4, true) || kind === null || !Number.isSafeInteger(sequence))
    return { kind: 'bad', complete: true };
  return {
    kind: 'record',
    end,
    record: {
      sequence,
      time: view.getFloat64(16, true),
      kind,
      payload: bytes.subarray(at + PREFIX + FIXED, end),
    },
  };
}
