import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, confirmed, INTERIOR, MEMBRANE, painted, UNTOUCHED, VOID } from '../label-byte';
import { classThresholdFor, isOfClass, knownClass, shownClass } from './class-mask';

const [MITO, VESICLE] = [3, 5];
const card = { id: 9, name: 'Mitochondria', colour: '#f0e442', threshold: 0.65, dice: null };

describe('the mask of a class beside membrane', () => {
  it('is what was painted, else what its map reaches; what was confirmed only adds to it', () => {
    const table = (label: number): boolean[] =>
      [false, true].map((reaches) => isOfClass(label, MITO, reaches));
    expect(table(UNTOUCHED)).toEqual([false, true]);
    expect(table(painted(MITO))).toEqual([true, true]);
    for (const label of [INTERIOR, MEMBRANE, VESICLE, VOID])
      expect(table(painted(label))).toEqual([false, false]);
    expect(table(confirmed(MITO))).toEqual([true, true]);
    for (const label of [INTERIOR, MEMBRANE, VESICLE])
      expect(table(confirmed(label))).toEqual([false, true]);
    expect(isOfClass(UNTOUCHED, null, true)).toBe(true);
    expect(isOfClass(painted(MITO), null, true)).toBe(false);
  });

  it('and that of membrane stay what they are when all that is shown is confirmed', () => {
    const label = fc.constantFrom(
      ...[UNTOUCHED, INTERIOR, MEMBRANE, MITO, VESICLE, VOID],
      ...[INTERIOR, MEMBRANE, MITO, VESICLE].map(confirmed),
    );
    const isMembrane = (of: number, predicted: boolean): boolean =>
      classOf(of) === UNTOUCHED ? predicted : classOf(of) === MEMBRANE;
    fc.assert(
      fc.property(label, fc.boolean(), fc.boolean(), fc.boolean(), (before, wall, mito, ves) => {
        const found = mito ? MITO : ves ? VESICLE : 0;
        const shown = shownClass(before, wall, found);
        // Confirming writes where nobody has looked, and a class where interior was confirmed.
        const writes =
          before === UNTOUCHED || (before === confirmed(INTERIOR) && shown !== INTERIOR);
        const after = writes ? confirmed(shown) : before;
        expect(isMembrane(after, wall)).toBe(isMembrane(before, wall));
        for (const [id, reaches] of [
          [MITO, mito],
          [VESICLE, ves],
        ] as const)
          expect(isOfClass(after, id, reaches)).toBe(isOfClass(before, id, reaches));
        expect(shownClass(after, wall, found)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });

  it('shows membrane where both are predicted, and nothing where neither is', () => {
    expect(shownClass(UNTOUCHED, true, MITO)).toBe(MEMBRANE);
    expect(shownClass(UNTOUCHED, false, MITO)).toBe(MITO);
    expect(shownClass(UNTOUCHED, false, 0)).toBe(INTERIOR);
    expect(shownClass(UNTOUCHED, null, 0)).toBe(UNTOUCHED);
    expect(shownClass(confirmed(INTERIOR), true, MITO)).toBe(MITO);
    expect(shownClass(painted(INTERIOR), true, MITO)).toBe(INTERIOR);
  });

  it('begins where the user set it, by name, else where the card says', () => {
    const set = [{ name: 'MITOCHONDRIA', threshold: 0.3 }];
    expect(classThresholdFor(card, set)).toBe(0.3);
    expect(classThresholdFor(card, [{ name: 'nuclei', threshold: 0.3 }])).toBe(0.65);
    expect(knownClass({ classes: [card] }, { name: 'mitochondria' })).toBe(card);
    expect(knownClass({ classes: [card] }, { name: 'nuclei' })).toBeNull();
    expect(knownClass(null, card)).toBeNull();
  });
});
