import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesSlices, sliceMark, writeSlices, writeSlicesWithin } from './slice-marks';

describe('text that names slices', () => {
  it('counts from 1 in the window and from 0 on the command line, alone and in ranges', () => {
    const text = `Slice ${sliceMark(3)} and slices ${sliceMark([0, 1, 2, 9])} of 12`;
    expect(writeSlices(text, 1)).toBe('Slice 4 and slices 1-3,10 of 12');
    expect(writeSlices(text, 0)).toBe('Slice 3 and slices 0-2,9 of 12');
  });

  it('leaves every other text as it is, brackets too', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(writeSlices(text, 1)).toBe(text);
        expect(namesSlices(text)).toBe(false);
      }),
      { seed: 1 },
    );
    expect(writeSlices('⟨sample⟩ ⟨⟩ ⟨1-⟩', 1)).toBe('⟨sample⟩ ⟨⟩ ⟨1-⟩');
  });

  it('is found wherever it stands in what goes out; numbers and bytes stay', () => {
    const bytes = Uint8Array.of(1, 2);
    const answer = {
      error: { message: `Slice ${sliceMark(0)} is damaged.`, data: { slice: 0 } },
      notes: [`slice ${sliceMark(7)}`, null, 7],
      bytes,
    };
    const read = writeSlicesWithin(answer, 1);
    expect(read).toEqual({
      error: { message: 'Slice 1 is damaged.', data: { slice: 0 } },
      notes: ['slice 8', null, 7],
      bytes,
    });
    expect(Object.values(Object(read) as object)).toContain(bytes);
  });
});
