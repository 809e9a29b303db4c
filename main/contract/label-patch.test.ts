import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StackId } from './ids';
import { applyTilePatch, invertPatch, type LabelPatch, type PatchValues } from './label-patch';
import { decodePatch, encodePatch } from './label-patch-codec';
import { TILE_PIXELS } from './tiles';

const runsArbitrary = fc
  .uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 40 })
  .map((cuts) => cuts.sort((a, b) => a - b).map((cut) => cut * 3))
  .map((cuts) => {
    const runs: number[] = [];
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      runs.push(cuts[i] ?? 0, (cuts[i + 1] ?? 0) - (cuts[i] ?? 0));
    }
    return Uint32Array.from(runs);
  });

const tileArbitrary = runsArbitrary.chain((runs) => {
  const pixels = runs.reduce((sum, value, i) => (i % 2 ? sum + value : sum), 0);
  const seeded = (seed: number): PatchValues => ({
    kind: 'pixels',
    values: Uint8Array.from({ length: pixels }, (_, i) => (i * 31 + seed) % 251),
  });
  return fc.record({
    tx: fc.nat(20),
    ty: fc.nat(20),
    runs: fc.constant(runs),
    before: fc.nat(255).map(seeded),
    after: fc.oneof(
      fc.nat(255).map((value): PatchValues => ({ kind: 'uniform', value })),
      fc.nat(255).map(seeded),
    ),
  });
});

const patchArbitrary: fc.Arbitrary<LabelPatch> = fc.record({
  stack: fc.constant(StackId.parse('stack-1')),
  layer: fc.constant('membranes'),
  element: fc.constant('uint8' as const),
  z: fc.nat(500),
  sequence: fc.nat(100_000),
  action: fc.constantFrom('do' as const, 'undo' as const, 'redo' as const),
  name: fc.constantFrom('Brush', 'Gomme à effacer', '刷子 🖌'),
  tiles: fc.array(tileArbitrary, { minLength: 1, maxLength: 3 }),
});

describe('label patches', () => {
  it('survive the wire unchanged', () => {
    fc.assert(
      fc.property(patchArbitrary, (patch) => {
        expect(decodePatch(encodePatch(patch))).toEqual(patch);
      }),
      { numRuns: 60, seed: 2026 },
    );
  });

  it('undo exactly what they did', () => {
    fc.assert(
      fc.property(patchArbitrary, (patch) => {
        const tile = patch.tiles[0];
        if (!tile) throw new Error('no tile');
        const pixels = new Uint8Array(TILE_PIXELS).fill(7);
        applyTilePatch(pixels, { ...tile, after: tile.before });
        const start = pixels.slice();
        applyTilePatch(pixels, { ...tile, after: { kind: 'uniform', value: 252 } });
        expect(Buffer.compare(pixels, start)).not.toBe(0);
        const inverse = invertPatch(patch, 'undo', 1).tiles[0];
        if (!inverse) throw new Error('no inverse');
        applyTilePatch(pixels, inverse);
        expect(Buffer.compare(pixels, start)).toBe(0);
      }),
      { numRuns: 40, seed: 2026 },
    );
  });

  it('are refused when any byte is missing', () => {
    fc.assert(
      fc.property(patchArbitrary, fc.double({ min: 0, max: 0.999, noNaN: true }), (patch, part) => {
        const bytes = encodePatch(patch);
        expect(() => decodePatch(bytes.subarray(0, Math.floor(bytes.length * part)))).toThrow(
          /could not be read|not JSON/,
        );
      }),
      { numRuns: 60, seed: 2026 },
    );
  });
});
