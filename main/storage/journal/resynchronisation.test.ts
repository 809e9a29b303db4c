import { describe, expect, it } from 'vitest';
import { encodeRecord } from './journal-record';
import { Resynchronisation } from './resynchronisation';
import { seeded } from '../../project/testing/sample-project';

const record = (sequence: number, bytes = 100): Uint8Array =>
  encodeRecord({ sequence, time: 0, kind: 'label-patch', payload: new Uint8Array(bytes).fill(7) });

/** Heads of records that reach to the end of the file, one behind the other: none has its checksum. */
function heads(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * 25);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 25) {
    view.setUint32(at, bytes.length - at - 8, true);
    view.setFloat64(at + 8, 5, true);
    view.setUint8(at + 24, 1);
  }
  return bytes;
}

/** Bytes, and a search in them for records 1 to 1000. */
const find = (bytes: Uint8Array, at = 0) => new Resynchronisation(bytes).next(at, 1, 1000);

describe('behind damage in a journal file', () => {
  it('the next good record is found, wherever it begins', async () => {
    const random = seeded(5);
    for (let round = 0; round < 40; round += 1) {
      const noise = Uint8Array.from({ length: Math.floor(random() * 9000) }, () => random() * 256);
      const good = record(1 + Math.floor(random() * 1000));
      const found = await find(Buffer.concat([noise, good, noise]));
      expect(found?.at).toBe(noise.length);
    }
  });

  it('it is found behind megabytes of nothing', async () => {
    for (const length of [0, 1, 4081, 4096, 5_000_000]) {
      const bytes = Buffer.concat([new Uint8Array(length), record(3)]);
      expect((await find(bytes))?.at).toBe(length);
    }
  });

  it('it is found among a thousand heads of records that are none', async () => {
    const noise = heads(1000);
    expect((await find(Buffer.concat([noise, record(6)])))?.at).toBe(noise.length);
  });

  it('two million heads of long records end the search, and others get their turn meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    expect(await find(heads(2_000_000))).toBeNull();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
