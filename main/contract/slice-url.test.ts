import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelId, StackId } from './ids';
import { parsePixelUrl } from './pixel-url';
import { parseSliceUrl, sliceUrl } from './slice-url';

const n = fc.nat(99_999);
const side = fc.integer({ min: 1, max: 8 });
const request = fc
  .record({
    stack: fc.constant(StackId.parse('s-1')),
    z: n,
    level: fc.nat(9),
    block: fc.record({ tx: n, ty: n, across: side, down: side }),
    raw: fc.boolean(),
    maps: fc.array(
      fc.record({
        model: fc.constantFrom(ModelId.parse('m.2'), ModelId.parse('m-3_b')),
        class: fc.option(fc.integer({ min: 1, max: 126 })),
      }),
      { maxLength: 16 },
    ),
  })
  .filter(({ raw, maps }) => raw || maps.length > 0);

describe('URLs of parts of slices', () => {
  it('read back as they were written, and are no tile', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(parseSliceUrl(sliceUrl(value))).toEqual(value);
        expect(parsePixelUrl(sliceUrl(value))).toBeNull();
      }),
      { seed: 2026 },
    );
  });

  it.each([
    'em-pixels://slice/s-1/0/0/0/0/1/1',
    'em-pixels://slice/s-1/0/0/0/0/1/1/0',
    'em-pixels://slice/s-1/0/0/0/0/1/1/2/m-1',
    'em-pixels://slice/s-1/0/0/0/0/0/1/1',
    'em-pixels://slice/s-1/0/0/0/0/9/9/1',
    'em-pixels://slice/s-1/0/0/-1/0/1/1/1',
    'em-pixels://slice/s-1/0/0/0/0/1/1/1/',
    'em-pixels://slice/s-1/0/0/0/0/1/1/1/m-1,0',
    'em-pixels://slice/s-1/0/0/0/0/1/1/1/m-1,127',
    'em-pixels://slice/s-1/0/0/0/0/1/1/1/m-1,1,1',
    'em-pixels://slice/../0/0/0/0/1/1/1',
    `em-pixels://slice/s-1/0/0/0/0/1/1/1${'/m-1'.repeat(17)}`,
    'em-pixels://raw/s-1/0/0/0/0',
  ])('refuse %s', (url) => {
    expect(parseSliceUrl(url)).toBeNull();
  });
});
