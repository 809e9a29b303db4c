import type { LayerInfo, LayerKey } from '#contract/entities';
import type { StackId } from '#contract/ids';
import { MembranaError } from '#contract/errors';
import { limits } from '#contract/limits';
import type { ProjectStep } from '#contract/project-step';
import { tileCount } from '#contract/tiles';
import { newVoxels, type ChunkEdit, type VoxelEdit } from '#volume/voxel-edit';
import { encodeEdit } from '#volume/voxel-edit-codec';
import { TILE_PIXELS } from '#contract/tiles';
import { chunkDifference } from '../labels/chunk-difference';
import type { Project } from './project';

export type CellLayer = Extract<LayerInfo, { kind: 'cells' }>;

/** Chunks of one edit at most: 8 MiB of ids. */
const CHUNKS_AN_EDIT = 8;
/** Edits between checkpoints, so that memory stays flat however long the stack is. */
const EDITS_A_CHECKPOINT = 8;

/**
 * Adds a layer of ids to a stack, as one step of the history: `step` is its
 * name. `chunks` are what differs from an empty layer, one chunk in memory at a
 * time; when they fail half-way, the layer is taken away again.
 *
 * @throws MembranaError project.read-only, labels.too-many-layers, disk.full, file.write-failed; what `chunks` throws
 */
export async function addCells(
  project: Project,
  {
    stack,
    layer,
    step,
  }: { readonly stack: StackId; readonly layer: CellLayer; readonly step: string },
  chunks: AsyncIterable<ChunkEdit>,
): Promise<void> {
  project.assertWritable();
  await project.settled();
  const before = project.arrangement;
  const full = before.find(({ id }) => id === stack)?.layers.length ?? 0;
  if (full >= limits.layers)
    throw new MembranaError('labels.too-many-layers', 'This stack has no room for another layer.', {
      hint: `A stack has ${String(limits.layers)} layers at most: remove one first.`,
      safe: 'Nothing was changed.',
    });
  const after = before.map((one) =>
    one.id === stack ? { ...one, layers: [...one.layers, layer] } : one,
  );
  const { labels } = project;
  const group = labels.lastSequence + 1;
  const change = (from: typeof before, to: typeof before): ProjectStep => ({
    ...{ sequence: labels.lastSequence + 1, action: 'do', name: step, group },
    change: { kind: 'layers', before: from, after: to },
  });
  await project.apply(change(before, after));
  try {
    let edits = 0;
    for await (const some of batches(chunks)) {
      const { id, element } = layer;
      const edit: VoxelEdit = {
        ...{ sequence: labels.lastSequence + 1, action: 'do', name: step, group },
        layers: [{ stack, layer: id, element, chunks: some }],
      };
      await labels.append(encodeEdit(edit));
      edits += 1;
      if (edits % EDITS_A_CHECKPOINT === 0) await labels.checkpoint();
    }
  } catch (error) {
    await project.apply(change(after, before));
    throw error;
  }
}

async function* batches(chunks: AsyncIterable<ChunkEdit>): AsyncGenerator<ChunkEdit[]> {
  let some: ChunkEdit[] = [];
  for await (const chunk of chunks) {
    some.push(chunk);
    if (some.length < CHUNKS_AN_EDIT) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** What a layer holds, chunk by chunk, as `addCells` takes it. @throws MembranaError file.unreadable; AbortError */
export async function* chunksOf(
  project: Project,
  key: LayerKey,
  signal: AbortSignal,
): AsyncGenerator<ChunkEdit> {
  const labels = project.labelsOf(key);
  const { width, height } = project.extentOf(key.stack);
  const blank = newVoxels(labels.element, TILE_PIXELS);
  await labels.settled();
  for (const z of labels.reviewedSlices())
    for (let ty = 0; ty < tileCount(height); ty += 1)
      for (let tx = 0; tx < tileCount(width); tx += 1) {
        signal.throwIfAborted();
        const voxels = await labels.voxels(z, tx, ty);
        const difference = voxels && chunkDifference({ z, tx, ty }, blank, voxels);
        if (difference) yield difference;
      }
}
