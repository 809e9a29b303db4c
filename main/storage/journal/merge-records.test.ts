import { describe, expect, it } from 'vitest';
import type { JournalRecord } from './journal-record';
import { seeded } from '../../project/testing/sample-project';
import { mergeRecords } from './merge-records';

type Scans = Parameters<typeof mergeRecords>[0];

function record(sequence: number, content: number, stamp?: JournalRecord['stamp']): JournalRecord {
  const payload = new Uint8Array(9).fill(content);
  const bare: JournalRecord = { sequence, time: 0, kind: 'label-patch', payload };
  return stamp ? { ...bare, stamp } : bare;
}

function file(number: number, records: readonly JournalRecord[]): Scans[number] {
  const path = `${String(number)}.log`;
  const segment = { number, path, ours: true, bytes: 0, first: null, last: null };
  return { segment, records };
}

const told = (records: readonly JournalRecord[]): (readonly [number, number | undefined])[] =>
  records.map(({ sequence, payload }) => [sequence, payload[0]] as const);

describe('records of many files', () => {
  it('that a generation wrote after the next one had taken over are late, however many there are', () => {
    const first = { generation: 1, after: 0, segment: 1 };
    const second = { generation: 2, after: 2, segment: 2 };
    const scans = [
      file(
        1,
        [1, 2, 3, 4, 5].map((n) => record(n, 10 + n, first)),
      ),
      file(2, [record(3, 93, second)]),
    ];
    const { records, late } = mergeRecords(scans);
    expect(told(records)).toEqual([
      [1, 11],
      [2, 12],
      [3, 93],
    ]);
    expect(told(late)).toEqual([
      [3, 13],
      [4, 14],
      [5, 15],
    ]);
  });

  it('are late also where the later generation is known only from elsewhere', () => {
    const stamp = { generation: 1, after: 0, segment: 1 };
    const scans = [file(1, [record(1, 1, stamp), record(2, 2, stamp)])];
    const { records, late } = mergeRecords(scans, [{ generation: 4, after: 1 }]);
    expect([told(records), told(late)]).toEqual([[[1, 1]], [[2, 2]]]);
  });

  it('of which a flush had failed give way to what was written after it, and what followed them goes', () => {
    const stamp = (segment: number) => ({ generation: 1, after: 0, segment });
    const scans = [
      file(2, [record(2, 92, stamp(2))]),
      file(
        1,
        [1, 2, 3].map((n) => record(n, n, stamp(1))),
      ),
    ];
    const { records, late } = mergeRecords(scans);
    expect(told(records)).toEqual([
      [1, 1],
      [2, 92],
    ]);
    expect(late).toEqual([]);
  });

  it('count once each, in whatever files and order their copies lie', () => {
    const random = seeded(4);
    const whole: JournalRecord[] = [];
    for (let n = 1; n <= 60; n += 1) {
      const generation = n <= 20 ? 0 : n <= 45 ? 3 : 7;
      const segment = Math.ceil(n / 8);
      const after = generation === 3 ? 20 : 45;
      whole.push(record(n, n, generation === 0 ? undefined : { generation, after, segment }));
    }
    const files = new Map<number, JournalRecord[]>();
    for (const one of whole) {
      const number = Math.ceil(one.sequence / 8);
      files.set(number, [...(files.get(number) ?? []), one]);
    }
    for (let trial = 0; trial < 50; trial += 1) {
      const scans = [...files].map(([number, records]) => file(number, records));
      // Copies, older ones among them; unstamped records are known by the number in the name alone.
      for (const [number, records] of files)
        while (random() < 0.6)
          scans.push(file(number, records.slice(0, Math.floor(random() * records.length) + 1)));
      scans.sort(() => random() - 0.5);
      const { records, late } = mergeRecords(scans);
      expect(told(records)).toEqual(told(whole));
      expect(late).toEqual([]);
    }
  });
});
