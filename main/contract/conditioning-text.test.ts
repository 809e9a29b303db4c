import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noConditioning, type Conditioning } from './entities';
import { formatConditioning, parseConditioning } from './conditioning-text';

const conditionings: fc.Arbitrary<Conditioning> = fc.record({
  inverted: fc.boolean(),
  scale: fc.constantFrom(0.25, 0.5, 1, 2, 4),
  flatField: fc.integer({ min: 0, max: 256 }),
  smoothing: fc.constantFrom(0, 0.7, 1, 1.5, 2),
});

it('a conditioning is read back from its line', () => {
  fc.assert(
    fc.property(conditionings, (conditioning) => {
      expect(parseConditioning(formatConditioning(conditioning))).toEqual(conditioning);
    }),
    { seed: 1 },
  );
  expect(formatConditioning(noConditioning)).toBe('none');
  expect(parseConditioning('invert, flat=64')).toMatchObject({ inverted: true, flatField: 64 });
});

it('what is no conditioning, or out of range, is none', () => {
  for (const text of [
    '',
    'blur=1',
    'smooth',
    'smooth=',
    'smooth=3',
    'flat=-1',
    'scale=0',
    'invert=1',
    'smooth=1=2',
    'flat=x',
    'flat=0x10',
    'constructor=5',
    'smooth=1,smooth=2',
    'none,none',
    'smooth=Infinity',
  ])
    expect(parseConditioning(text), text).toBeNull();
});
