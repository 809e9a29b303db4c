import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobId, LayerId, ModelId, ProjectId, StackId } from './ids';
import { parsePixelUrl, pixelUrl, type PixelRequest } from './pixel-url';
import { formatSliceRange, parseSliceRange } from './slice-range';

const stack = StackId.parse('s-1');
const n = fc.nat(99_999);
const ofPlanes = { project: ProjectId.parse('p-1'), layer: LayerId.parse('cells.1') };
const layer = {
  project: fc.constant(ofPlanes.project),
  stack: fc.constant(stack),
  layer: fc.constant(ofPlanes.layer),
};
const request: fc.Arbitrary<PixelRequest> = fc.oneof(
  fc.record({
    kind: fc.constant('raw' as const),
    stack: fc.constant(stack),
    z: n,
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('labels' as const),
    ...layer,
    z: n,
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('ids' as const),
    ...layer,
    z: n,
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('truth' as const),
    stack: fc.constant(stack),
    value: n,
    z: n,
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({ kind: fc.constant('thumbnail' as const), stack: fc.constant(stack), z: n }),
  fc.record({
    kind: fc.constant('plane' as const),
    layer: fc.constantFrom(
      { kind: 'raw' as const },
      { kind: 'ids' as const, ...ofPlanes },
      { kind: 'probability' as const, model: ModelId.parse('m.2') },
      { kind: 'class' as const, model: ModelId.parse('m.2'), class: 3 },
      { kind: 'truth' as const, value: 7 },
    ),
    stack: fc.constant(stack),
    axis: fc.constantFrom('xz' as const, 'yz' as const),
    index: n,
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('probability' as const),
    stack: fc.constant(stack),
    model: fc.constant(ModelId.parse('m.2')),
    z: n,
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('class' as const),
    stack: fc.constant(stack),
    model: fc.constant(ModelId.parse('m.2')),
    class: fc.integer({ min: 1, max: 126 }),
    z: n,
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('line' as const),
    stack: fc.constant(stack),
    model: fc.constant(ModelId.parse('m.2')),
    z: n,
    from: fc.integer({ min: 1, max: 255 }),
    level: fc.nat(9),
    tx: n,
    ty: n,
  }),
  fc.record({
    kind: fc.constant('preview' as const),
    job: fc.constant(JobId.parse('job-3')),
    step: n,
    picture: fc.constantFrom('feature' as const, 'target' as const, 'prediction' as const),
  }),
);

describe('pixel URLs', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(parsePixelUrl(pixelUrl(value))).toEqual(value);
      }),
      { seed: 2026 },
    );
  });

  it.each([
    'em-pixels://raw/../../etc/passwd',
    'em-pixels://raw/s-1/0/0/0/-1',
    'em-pixels://raw/s-1/0/0/0',
    'em-pixels://labels/s-1/0/0/0',
    'em-pixels://labels/p-1/s-1/l-1/0/0/0/0',
    'em-pixels://labels/p-1/s%2F1/l-1/0/0/0',
    'em-pixels://labels/p-1/s-1/membranes-review/0/0/0',
    'em-pixels://ids/p-1/s-1/l-1/0/0/0',
    'em-pixels://truth/s-1/0/0/0/0',
    'em-pixels://line/s-1/m-1/0/0/0/0/0',
    'em-pixels://line/s-1/m-1/0/256/0/0/0',
    'em-pixels://line/s-1/m-1/0/40/0/0',
    'em-pixels://truth/s-1/-1/0/0/0/0',
    'https://raw/s-1/0/0/0/0',
    'em-pixels://preview/j/1/secret',
    'em-pixels://plane/labels/s-1/xz/0/0/0/0',
    'em-pixels://plane/labels/s-1/p-1/l-1/xz/0/1/0/0',
    'em-pixels://plane/class/s-1/m-1/127/xz/0/0/0/0',
    'em-pixels://plane/raw/s-1/xy/0/0/0/0',
    'em-pixels://plane/probability/s-1/xz/0/0/0/0',
  ])('refuse %s', (url) => {
    expect(parsePixelUrl(url)).toBeNull();
  });
});

describe('slice ranges', () => {
  it('format and parse back to the same slices', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(99), { minLength: 1 }), (slices) => {
        expect(parseSliceRange(formatSliceRange(slices), 100)).toEqual(
          [...slices].sort((a, b) => a - b),
        );
      }),
      { seed: 2026 },
    );
  });

  it('are typed from 1 by who counts so, and mean the same slices', () => {
    expect(parseSliceRange('1-3, 24', 24, 1)).toEqual([0, 1, 2, 23]);
    expect(formatSliceRange([0, 1, 2, 23], 1)).toBe('1-3,24');
    expect(() => parseSliceRange('0-3', 24, 1)).toThrow(/not in this stack/);
    expect(() => parseSliceRange('24-25', 24, 1)).toThrow(/not in this stack/);
  });

  it('name the slices that are missing', () => {
    expect(() => parseSliceRange('0-24', 24)).toThrow(/not in this stack/);
    expect(() => parseSliceRange('last', 24)).toThrow(/not a range/);
  });
});
