import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerElements, type LayerElement } from '#contract/entities';
import { LayerId, StackId } from '#contract/ids';
import type { LabelPatch } from '#contract/label-patch';
import { encodePatch } from '#contract/label-patch-codec';
import { TILE_PIXELS } from '#contract/tiles';
import {
  applyChunkEdit,
  editOfPatch,
  invertEdit,
  newVoxels,
  type ChunkEdit,
  type VoxelArray,
  type VoxelEdit,
} from './voxel-edit';
import { decodeEdit, encodeEdit } from './voxel-edit-codec';

const largest: Readonly<Record<LayerElement, number>> = {
  uint8: 255,
  uint16: 65_535,
  uint32: 4_294_967_295,
};

const runs = fc
  .uniqueArray(fc.integer({ min: 0, max: TILE_PIXELS }), { minLength: 2, maxLength: 20 })
  .map((cuts) => cuts.sort((a, b) => a - b))
  .map((cuts) => {
    const pairs: number[] = [];
    for (let i = 0; i + 1 < cuts.length; i += 2)
      pairs.push(cuts[i] ?? 0, Math.min(300, (cuts[i + 1] ?? 0) - (cuts[i] ?? 0)));
    return Uint32Array.from(pairs);
  });

/** An edit as somebody makes it: what was there before is what the voxels were. */
interface Made {
  readonly edit: VoxelEdit;
  readonly voxels: Map<string, VoxelArray>;
}

const nameOf = (layer: string, { z, ty, tx }: ChunkEdit): string => `${layer}/${z}/${ty}/${tx}`;

function taken(chunk: VoxelArray, at: Uint32Array): number[] {
  const values: number[] = [];
  for (let i = 0; i < at.length; i += 2)
    values.push(...chunk.subarray(at[i] ?? 0, (at[i] ?? 0) + (at[i + 1] ?? 0)));
  return values;
}

const layerOf = (n: number, element: LayerElement): fc.Arbitrary<VoxelEdit['layers'][number]> =>
  fc
    .uniqueArray(fc.tuple(fc.nat(400), fc.nat(3), fc.nat(3)), {
      minLength: 1,
      maxLength: 4,
      selector: String,
    })
    .chain((places) =>
      fc.tuple(
        ...places.map(([z, ty, tx]) =>
          fc.record({
            ...{ z: fc.constant(z), ty: fc.constant(ty), tx: fc.constant(tx), runs },
            value: fc.integer({ min: 0, max: largest[element] }),
            each: fc.boolean(),
          }),
        ),
      ),
    )
    .map((chunks) => ({
      stack: StackId.parse(`stack-${n % 2}`),
      layer: LayerId.parse(`layer-${n}`),
      element,
      chunks: chunks.map(({ value, each, ...place }): ChunkEdit => {
        const count = place.runs.reduce((sum, length, i) => sum + (i % 2 ? length : 0), 0);
        const values = newVoxels(element, count);
        values.forEach((_, i) => (values[i] = (value + i * 7919) % (largest[element] + 1)));
        const after = each
          ? ({ kind: 'voxels', values } as const)
          : ({ kind: 'uniform', value } as const);
        return { ...place, before: { kind: 'uniform', value: 0 }, after };
      }),
    }));

const edits: fc.Arbitrary<VoxelEdit> = fc.record({
  sequence: fc.nat(100_000),
  action: fc.constantFrom('do' as const, 'undo' as const, 'redo' as const),
  name: fc.constantFrom('Brush', 'Gomme à effacer', '刷子 🖌'),
  layers: fc
    .array(fc.constantFrom(...layerElements), { minLength: 1, maxLength: 4 })
    .chain((all) => fc.tuple(...all.map((element, n) => layerOf(n, element)))),
});

/** The voxels that an edit meets, with anything in them, and the edit as made there. */
function meet(edit: VoxelEdit): Made {
  const voxels = new Map<string, VoxelArray>();
  const layers = edit.layers.map((one) => ({
    ...one,
    chunks: one.chunks.map((chunk): ChunkEdit => {
      const there = newVoxels(one.element, TILE_PIXELS);
      there.forEach((_, i) => (there[i] = (i * 31 + chunk.z) % (largest[one.element] + 1)));
      voxels.set(nameOf(one.layer, chunk), there);
      const before = newVoxels(one.element, taken(there, chunk.runs).length);
      before.set(taken(there, chunk.runs));
      return { ...chunk, before: { kind: 'voxels', values: before } };
    }),
  }));
  return { edit: { ...edit, layers }, voxels };
}

function apply(edit: VoxelEdit, voxels: ReadonlyMap<string, VoxelArray>): void {
  for (const { layer, chunks } of edit.layers)
    for (const chunk of chunks) {
      const there = voxels.get(nameOf(layer, chunk));
      if (there) applyChunkEdit(there, chunk);
    }
}

const copied = (voxels: ReadonlyMap<string, VoxelArray>): Map<string, VoxelArray> =>
  new Map([...voxels].map(([name, values]) => [name, values.slice()]));

function sameVoxels(
  a: ReadonlyMap<string, VoxelArray>,
  b: ReadonlyMap<string, VoxelArray>,
): boolean {
  return [...a].every(([name, values]) => {
    const other = b.get(name);
    return other !== undefined && Buffer.compare(viewOf(values), viewOf(other)) === 0;
  });
}

const viewOf = ({ buffer, byteOffset, byteLength }: VoxelArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

describe('edits of voxels over layers, slices and elements', () => {
  it('survive the wire unchanged', () => {
    fc.assert(
      fc.property(edits, (edit) => {
        expect(decodeEdit(encodeEdit(edit))).toEqual(edit);
      }),
      { numRuns: 60, seed: 2026 },
    );
  });

  it('take back exactly what they did, do it again, and twice is once', () => {
    fc.assert(
      fc.property(edits, (drawn) => {
        const { edit, voxels } = meet(drawn);
        const start = copied(voxels);
        apply(edit, voxels);
        const done = copied(voxels);
        apply(edit, voxels);
        expect(sameVoxels(voxels, done)).toBe(true);
        apply(invertEdit(edit, 'undo', 1), voxels);
        expect(sameVoxels(voxels, start)).toBe(true);
        apply(invertEdit(invertEdit(edit, 'undo', 1), 'redo', 2), voxels);
        expect(sameVoxels(voxels, done)).toBe(true);
      }),
      { numRuns: 25, seed: 2026 },
    );
  });

  it('are refused when any byte is missing', () => {
    fc.assert(
      fc.property(edits, fc.double({ min: 0, max: 0.999, noNaN: true }), (edit, part) => {
        const bytes = encodeEdit(edit);
        expect(() => decodeEdit(bytes.subarray(0, Math.floor(bytes.length * part)))).toThrow(
          /could not be read|not JSON/,
        );
      }),
      { numRuns: 60, seed: 2026 },
    );
  });

  it('are refused when they name a layer or a chunk twice', () => {
    const chunk: ChunkEdit = {
      ...{ z: 0, ty: 0, tx: 0, runs: Uint32Array.of(0, 1) },
      before: { kind: 'uniform', value: 0 },
      after: { kind: 'uniform', value: 1 },
    };
    const one = {
      stack: StackId.parse('stack-1'),
      layer: LayerId.parse('cells'),
      element: 'uint32' as const,
    };
    const head = { sequence: 1, action: 'do' as const, name: 'Brush' };
    const twice = { ...head, layers: [{ ...one, chunks: [chunk, chunk] }] };
    expect(() => decodeEdit(encodeEdit(twice))).toThrow(/chunk twice/);
    const layers = [
      { ...one, chunks: [chunk] },
      { ...one, chunks: [] },
    ];
    expect(() => decodeEdit(encodeEdit({ ...head, layers }))).toThrow(/layer twice/);
  });

  it('label patches of earlier formats are read as edits of one slice', () => {
    const patch: LabelPatch = {
      ...{ stack: StackId.parse('stack-1'), layer: 'membranes', element: 'uint8', z: 7 },
      ...{ sequence: 5, action: 'do', name: 'Brush', group: 4 },
      tiles: [
        {
          ...{ tx: 1, ty: 2, runs: Uint32Array.of(3, 2) },
          before: { kind: 'pixels', values: Uint8Array.of(0, 1) },
          after: { kind: 'uniform', value: 130 },
        },
      ],
    };
    expect(decodeEdit(encodePatch(patch))).toEqual(editOfPatch(patch, LayerId.parse('membranes')));
  });
});
