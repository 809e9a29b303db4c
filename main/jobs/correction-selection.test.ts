import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectCorrections, type CorrectedSlice } from './correction-selection';

const slice = (z: number, changedAt: number, learnt = false): CorrectedSlice => ({
  z,
  changedAt,
  learnt,
});
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const corrected = fc.uniqueArray(
  fc.record({ z: fc.nat(300), changedAt: fc.nat(40), learnt: fc.boolean() }),
  { selector: ({ z }) => z, minLength: 1, maxLength: 60 },
);

describe('the corrections of a round', () => {
  it('are all of them where there is room', () => {
    const all = range(24).map((z) => slice(z * 3, z));
    expect(selectCorrections(all, 24)).toEqual({ taken: all.map(({ z }) => z), left: [] });
  });

  it('are the newest, wherever they lie, and the rest is named', () => {
    // Painted from slice 0 on; the last strokes are at the far end of the stack.
    const all = range(31).map((z) => slice(z * 10, 100 + z));
    const { taken, left } = selectCorrections(all, 24);
    expect(taken).toEqual(
      range(31)
        .slice(7)
        .map((z) => z * 10),
    );
    expect(left).toEqual(range(7).map((z) => z * 10));
  });

  it('are those the model does not know, before what was painted later and learnt already', () => {
    const known = range(20).map((z) => slice(z, 500 + z, true));
    const { taken } = selectCorrections([...known, slice(40, 3), slice(60, 2)], 4);
    expect(taken).toContain(40);
    expect(taken).toContain(60);
    expect(taken).toHaveLength(4);
  });

  it('spread over the stack where they are equally new', () => {
    const all = range(101).map((z) => slice(z, 7));
    expect(selectCorrections(all, 5).taken).toEqual([0, 25, 50, 75, 100]);
    const learnt = range(101).map((z) => slice(z, z, true));
    expect(selectCorrections([...learnt, slice(200, 1)], 4).taken).toEqual([0, 50, 100, 200]);
  });

  it('are each taken or left, once, as many as fit, and the same in any order', () => {
    fc.assert(
      fc.property(corrected, fc.integer({ min: 1, max: 70 }), fc.nat(), (slices, most, turn) => {
        const { taken, left } = selectCorrections(slices, most);
        expect(taken).toHaveLength(Math.min(most, slices.length));
        expect([...taken, ...left].sort((a, b) => a - b)).toEqual(
          slices.map(({ z }) => z).sort((a, b) => a - b),
        );
        const at = turn % slices.length;
        const turned = [...slices.slice(at), ...slices.slice(0, at)].reverse();
        expect(selectCorrections(turned, most)).toEqual({ taken, left });
      }),
      { seed: 11 },
    );
  });

  it('never leave out an unknown slice that is newer than one they take', () => {
    fc.assert(
      fc.property(corrected, fc.integer({ min: 1, max: 20 }), (slices, most) => {
        const { taken, left } = selectCorrections(slices, most);
        const of = (zs: readonly number[]): CorrectedSlice[] =>
          slices.filter(({ z }) => zs.includes(z));
        for (const out of of(left).filter(({ learnt }) => !learnt))
          for (const kept of of(taken)) {
            expect(kept.learnt).toBe(false);
            expect(kept.changedAt).toBeGreaterThanOrEqual(out.changedAt);
          }
      }),
      { seed: 12 },
    );
  });
});
