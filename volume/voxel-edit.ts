import type { LayerElement } from '#contract/entities';
import type { LayerId, StackId } from '#contract/ids';
import type { LabelPatch, PatchAction, TilePatch } from '#contract/label-patch';

export type VoxelArray =
  Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export function newVoxels(element: LayerElement, length: number): VoxelArray {
  switch (element) {
    case 'uint8':
      return new Uint8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'uint32':
      return new Uint32Array(length);
  }
}

export function elementBytes(element: LayerElement): 1 | 2 | 4 {
  switch (element) {
    case 'uint8':
      return 1;
    case 'uint16':
      return 2;
    case 'uint32':
      return 4;
  }
}

/** Values of a chunk's runs, in run order: one for all, or one each, in the layer's element. */
export type VoxelValues =
  | { readonly kind: 'uniform'; readonly value: number }
  | { readonly kind: 'voxels'; readonly values: VoxelArray };

/**
 * Changed voxels of one chunk, which is a tile of slice `z`. `runs` = start,
 * length, start, length …, ascending and disjoint, in voxels of the chunk (row-major).
 */
export interface ChunkEdit {
  readonly z: number;
  readonly ty: number;
  readonly tx: number;
  readonly runs: Uint32Array;
  readonly before: VoxelValues;
  readonly after: VoxelValues;
}

/** What an edit changes in one layer, on any number of slices; each chunk at most once. */
export interface LayerEdit {
  readonly stack: StackId;
  readonly layer: LayerId;
  readonly element: LayerElement;
  readonly chunks: readonly ChunkEdit[];
}

/**
 * One step of a user over any number of layers, each at most once. Absolute
 * ("voxel i becomes v"), so applying it twice is harmless: the unit of undo, of
 * the journal and of the wire.
 */
export interface VoxelEdit {
  /** Counts up by one a step within a project. */
  readonly sequence: number;
  readonly action: PatchAction;
  /** What the user did, for "Undo …". */
  readonly name: string;
  /** Steps of one group are taken back and done again together: the sequence of its first. */
  readonly group?: number;
  readonly layers: readonly LayerEdit[];
}

/** Writes a chunk's part of an edit into the voxels of the chunk. */
export function applyChunkEdit(chunk: VoxelArray, { runs, after }: ChunkEdit): void {
  let offset = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const length = runs[i + 1] ?? 0;
    if (after.kind === 'uniform') chunk.fill(after.value, start, start + length);
    else chunk.set(after.values.subarray(offset, offset + length), start);
    offset += length;
  }
}

/** The edit that takes this one back; inverting twice gives the same voxels again. */
export function invertEdit(edit: VoxelEdit, action: PatchAction, sequence: number): VoxelEdit {
  const inverted = (chunk: ChunkEdit): ChunkEdit => ({
    ...chunk,
    before: chunk.after,
    after: chunk.before,
  });
  const layers = edit.layers.map((one) => ({ ...one, chunks: one.chunks.map(inverted) }));
  return { ...edit, action, sequence, layers };
}

const valueBytes = (values: VoxelValues): number =>
  values.kind === 'voxels' ? values.values.byteLength : 4;

/** Bytes an edit holds in memory, for budgets. */
export function editBytes({ layers }: VoxelEdit): number {
  return layers
    .flatMap(({ chunks }) => chunks)
    .reduce(
      (sum, { runs, before, after }) =>
        sum + runs.byteLength + valueBytes(before) + valueBytes(after) + 64,
      128,
    );
}

function voxelValues(values: TilePatch['before']): VoxelValues {
  return values.kind === 'uniform'
    ? values
    : { kind: 'voxels', values: new Uint8Array(values.values) };
}

/** A chunk of a layer of label bytes as part of a label patch of its slice. */
export function tilePatchOf({ tx, ty, runs, before, after }: ChunkEdit): TilePatch {
  return { tx, ty, runs, before: patchValues(before), after: patchValues(after) };
}

function patchValues(values: VoxelValues): TilePatch['before'] {
  return values.kind === 'uniform'
    ? values
    : { kind: 'pixels', values: Uint8Array.from(values.values) };
}

/** A label patch as what it is: an edit of one slice of one layer. */
export function editOfPatch(patch: LabelPatch, layer: LayerId): VoxelEdit {
  const { stack, element, z, tiles, sequence, action, name, group } = patch;
  const chunks = tiles.map(({ tx, ty, runs, before, after }): ChunkEdit => ({
    ...{ z, ty, tx, runs },
    before: voxelValues(before),
    after: voxelValues(after),
  }));
  const grouped = group === undefined ? {} : { group };
  return { sequence, action, name, ...grouped, layers: [{ stack, layer, element, chunks }] };
}
