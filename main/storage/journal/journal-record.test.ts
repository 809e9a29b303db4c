import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeStep } from '#contract/project-step';
import { encodeRecord, readRecord } from './journal-record';
import { renameStep } from '../../project/testing/sample-project';

describe('a journal record', () => {
  it('of a step keeps its kind and its bytes', () => {
    const payload = encodeStep(renameStep(7));
    const bytes = encodeRecord({ sequence: 7, time: 5, kind: 'step', payload });
    expect(bytes[24]).toBe(2);
    const read = readRecord(bytes, 0);
    expect(read).toMatchObject({ kind: 'record', record: { sequence: 7, kind: 'step' } });
    if (read.kind !== 'record') throw new Error('unread');
    expect(Buffer.compare(read.record.payload, payload)).toBe(0);
  });

  it('of a kind that is not known yet is bad, even with a right checksum', () => {
    const payload = new Uint8Array(3);
    const known = encodeRecord({ sequence: 1, time: 0, kind: 'label-patch', payload });
    expect(readRecord(known, 0).kind).toBe('record');
    const unknown = Uint8Array.from(known);
    unknown[24] = 3;
    const sum = crc32(unknown.subarray(8), crc32(unknown.subarray(0, 4)));
    new DataView(unknown.buffer).setUint32(4, sum, true);
    expect(readRecord(unknown, 0)).toEqual({ kind: 'bad', complete: true });
  });
});
