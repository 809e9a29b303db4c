import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MEMBRANE, painted, VOID } from '#contract/label-byte';
import type { ModelFile } from '../models/model-file';
import {
  collectCorrections,
  fingerprintName,
  heldName,
  learntLabels,
} from './collected-corrections';

const SIDE = 8;
const quiet = { signal: new AbortController().signal, note: () => undefined };

/** Labels of a slice: one stroke at a place of its own. */
function stroke(z: number, label = painted(MEMBRANE)): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(SIDE * SIDE);
  labels[z % labels.length] = label;
  return labels;
}

const source = (reviewed: readonly number[]) => ({
  reviewed,
  changedAt: (z: number) => 100 + z,
  labels: (z: number) => Promise.resolve(stroke(z)),
});

const hash = (labels: Uint8Array): string => createHash('sha256').update(labels).digest('hex');

/** A version's card, as far as this looks at it. */
function version(
  id: string,
  parent: string | null,
  learnt: readonly number[],
  held: readonly number[] = [],
): ModelFile {
  const data = [
    ...learnt.map((z) => ({ z, name: fingerprintName(z) })),
    ...held.map((z) => ({ z, name: heldName(z) })),
  ].map(({ z, name }) => ({
    name,
    fingerprint: hash(stroke(z)),
    slices: String(z),
  }));
  return { id, parent, origin: 'retrained', training: { data } } as unknown as ModelFile;
}

describe('the corrections that a round collects', () => {
  it('are the newest 24 of 31, wherever the slice in view is, and the rest is named with the reason', async () => {
    const reviewed = Array.from({ length: 31 }, (_, i) => i);
    const room = 24 * SIDE * SIDE;
    const { slices, left } = await collectCorrections(source(reviewed), new Map(), {
      ...quiet,
      room,
    });
    expect(slices.map(({ z }) => z)).toEqual(reviewed.slice(7));
    expect(left).toEqual(reviewed.slice(0, 7).map((z) => ({ z, reason: 'no-room' })));
  });

  it('leave out a slice of void alone, and say so', async () => {
    const { slices, left } = await collectCorrections(
      {
        ...source([2, 5]),
        labels: (z) => Promise.resolve(stroke(z, z === 5 ? painted(VOID) : painted(MEMBRANE))),
      },
      new Map(),
      quiet,
    );
    expect(slices.map(({ z }) => z)).toEqual([2]);
    expect(left).toEqual([{ z: 5, reason: 'only-void' }]);
  });

  it('are new unless the model in use, or one that it comes from, learnt just these labels', async () => {
    const grandparent = version('a', null, [1]);
    const inUse = version('b', 'a', [2]);
    const aside = version('c', 'b', [3]);
    const learnt = learntLabels(inUse, [grandparent, inUse, aside]);
    const { slices } = await collectCorrections(source([1, 2, 3, 4]), learnt, quiet);
    expect(slices.map(({ z, recent }) => [z, recent])).toEqual([
      [1, false],
      [2, false],
      // A version that was kept aside is no part of the one in use.
      [3, true],
      [4, true],
    ]);
    const again = await collectCorrections(source([1, 2]), learnt, quiet);
    expect(again.slices.every(({ recent }) => recent)).toBe(true);
  });

  it('are new as well where they only judged the model in use, which is said: newer ones judge next', async () => {
    const inUse = version('b', null, [1, 2], [4]);
    const { slices } = await collectCorrections(
      source([1, 2, 4, 6]),
      learntLabels(inUse, [inUse]),
      quiet,
    );
    expect(slices.map(({ z, recent, heldBefore }) => [z, recent, heldBefore])).toEqual([
      [1, false, false],
      [2, false, false],
      [4, true, true],
      [6, true, false],
    ]);
  });
});
