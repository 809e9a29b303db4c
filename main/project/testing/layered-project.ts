import { join } from 'node:path';
import type { LayerElement, LayerInfo, LayerKey } from '#contract/entities';
import { LayerId, StackId } from '#contract/ids';
import { encodePatch } from '#contract/label-patch-codec';
import { TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import {
  applyChunkEdit,
  editOfPatch,
  newVoxels,
  tilePatchOf,
  type ChunkEdit,
  type LayerEdit,
  type VoxelArray,
  type VoxelEdit,
} from '#volume/voxel-edit';
import { encodeEdit } from '#volume/voxel-edit-codec';
import { writeFileAtomic } from '../../storage/atomic-file';
import type { Project } from '../project';
import { readDocument } from '../project-document';
import { encodeProjectFile } from '../project-file';
import { openProject } from '../project-store';
import { newStackEntry } from '../project-stack';
import { defaultStorage, type StorageOptions } from '../storage-options';
import { newProject, quickStorage, randomPatch, shape, stackInfo } from './sample-project';

/** A layer of the layered project, and the size of its stack. */
export interface SampleLayer extends LayerKey {
  readonly element: LayerElement;
  readonly shape: { readonly width: number; readonly height: number; readonly depth: number };
}

/** Of another size than the first stack: a single tile that the slice covers only in part. */
const otherShape = { width: 300, height: 210, depth: 3 } as const;

const first = { stack: StackId.parse('stack-1'), shape };
const second = { stack: StackId.parse('stack-2'), shape: otherShape };

/** Two stacks with two layers each: label bytes and ids. */
export const sampleLayers = [
  { ...first, layer: LayerId.parse('membranes'), element: 'uint8' },
  { ...first, layer: LayerId.parse('cells'), element: 'uint32' },
  { ...second, layer: LayerId.parse('labels-1'), element: 'uint8' },
  { ...second, layer: LayerId.parse('nuclei'), element: 'uint32' },
] as const satisfies readonly SampleLayer[];

const cellsLayer = (id: LayerId): LayerInfo => ({
  ...{ id, name: id, kind: 'cells', element: 'uint32', colour: 'by-id', hidden: false },
});

/** A project with the two stacks and four layers, before anything was painted. */
export async function newLayeredProject(
  folder: string,
  options: Partial<StorageOptions> = {},
): Promise<Project> {
  await (await newProject(folder, options)).close();
  const { files } = { ...defaultStorage, ...options };
  const { content } = await readDocument(files, folder);
  const other = newStackEntry({
    id: second.stack,
    folder,
    stackPath: '/data/other.tif',
    info: { ...stackInfo, ...otherShape },
    fingerprint: { size: 20, head: 'cc', tail: 'dd' },
    layer: sampleLayers[2].layer,
  });
  const stacks = content.stacks.map((one) => ({
    ...one,
    layers: [...one.layers, cellsLayer(sampleLayers[1].layer)],
  }));
  const layers = [...other.layers, cellsLayer(sampleLayers[3].layer)];
  const bytes = encodeProjectFile({ ...content, stacks: [...stacks, { ...other, layers }] });
  await writeFileAtomic(join(folder, 'project.json'), bytes, { files, reserveBytes: 0 });
  return openProject(folder, { readOnlyIfLocked: false }, { ...quickStorage, ...options });
}

const bytes = [0, 1, 2, 2, 127, 129, 130];

function randomChunk(
  random: () => number,
  { shape: { width, height, depth }, element }: SampleLayer,
): ChunkEdit {
  const below = (limit: number): number => Math.floor(random() * limit);
  const tx = below(tileCount(width));
  const ty = below(tileCount(height));
  const columns = Math.min(TILE_SIZE, width - tx * TILE_SIZE);
  const rows = Math.min(TILE_SIZE, height - ty * TILE_SIZE);
  const runs: number[] = [];
  let voxels = 0;
  for (let y = below(rows); y < rows && runs.length < 12; y += 1 + below(3)) {
    const x = below(columns);
    const length = 1 + below(Math.min(40, columns - x));
    runs.push(y * TILE_SIZE + x, length);
    voxels += length;
  }
  const value = element === 'uint8' ? (bytes[below(bytes.length)] ?? 2) : below(2 ** 32);
  const values = newVoxels(element, voxels);
  for (let i = 0; i < voxels; i += 1)
    values[i] = element === 'uint8' ? (i + value) % 3 : (value + i * 65_537) % 2 ** 32;
  const mixed = below(4) === 0;
  return {
    ...{ z: below(depth), ty, tx, runs: Uint32Array.from(runs) },
    before: { kind: 'uniform', value: 0 },
    after: mixed ? { kind: 'voxels', values } : { kind: 'uniform', value },
  };
}

/** A step: half of them a stroke of one slice, the others over one to three layers and several slices. */
export function randomEdit(random: () => number, sequence: number): VoxelEdit {
  if (random() < 0.5) return editOfPatch(randomPatch(random, sequence), sampleLayers[0].layer);
  const from = Math.floor(random() * sampleLayers.length);
  const count = 1 + Math.floor(random() * 3);
  const layers = Array.from({ length: count }, (_, n): LayerEdit => {
    const one = sampleLayers[(from + n) % sampleLayers.length] ?? sampleLayers[0];
    const chunks = new Map<string, ChunkEdit>();
    for (let i = Math.floor(random() * 3); i >= 0; i -= 1) {
      const chunk = randomChunk(random, one);
      chunks.set(`${chunk.z}/${chunk.ty}/${chunk.tx}`, chunk);
    }
    const { stack, layer, element } = one;
    return { stack, layer, element, chunks: [...chunks.values()] };
  });
  return { sequence, action: 'do', name: 'Brush', layers };
}

/** A step as it goes to the journal: a stroke of one slice as the patch that the window sends. */
export function encodeStep(edit: VoxelEdit): Uint8Array<ArrayBuffer> {
  const [only] = edit.layers;
  const z = only?.chunks[0]?.z;
  const isStroke =
    edit.layers.length === 1 &&
    only?.element === 'uint8' &&
    only.chunks.every((one) => one.z === z);
  if (!isStroke || z === undefined) return encodeEdit(edit);
  const { stack, layer, chunks } = only;
  const { sequence, action, name } = edit;
  const tiles = chunks.map(tilePatchOf);
  return encodePatch({ stack, layer, element: 'uint8', z, sequence, action, name, tiles });
}

export function randomStep(random: () => number, sequence: number): Uint8Array<ArrayBuffer> {
  return encodeStep(randomEdit(random, sequence));
}

/** The voxels of all layers as plain arrays, to compare with. */
export class NaiveLayers {
  private readonly tiles = new Map<string, VoxelArray>();

  apply(edit: VoxelEdit): void {
    for (const { stack, layer, element, chunks } of edit.layers)
      for (const chunk of chunks) {
        const key = `${stack}/${layer}/${chunk.z}/${chunk.ty}/${chunk.tx}`;
        const voxels = this.tiles.get(key) ?? newVoxels(element, TILE_PIXELS);
        applyChunkEdit(voxels, chunk);
        this.tiles.set(key, voxels);
      }
  }

  slice({ stack, layer, element, shape: { width, height } }: SampleLayer, z: number): VoxelArray {
    const out = newVoxels(element, width * height);
    for (let y = 0; y < height; y += 1)
      for (let left = 0; left < width; left += TILE_SIZE) {
        const at = `${z}/${Math.floor(y / TILE_SIZE)}/${left / TILE_SIZE}`;
        const tile = this.tiles.get(`${stack}/${layer}/${at}`);
        const row = tile?.subarray((y % TILE_SIZE) * TILE_SIZE);
        if (row) out.set(row.subarray(0, Math.min(TILE_SIZE, width - left)), y * width + left);
      }
    return out;
  }
}

const bytesUnder = ({ buffer, byteOffset, byteLength }: VoxelArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

export function sameVoxels(a: VoxelArray, b: VoxelArray): boolean {
  return Buffer.compare(bytesUnder(a), bytesUnder(b)) === 0;
}

/** Slices whose voxels in the project differ from the plain ones, as "stack/layer/z". */
export async function differingLayers(project: Project, naive: NaiveLayers): Promise<string[]> {
  const different: string[] = [];
  for (const one of sampleLayers) {
    const labels = project.labelsOf(one);
    for (let z = 0; z < one.shape.depth; z += 1)
      if (!sameVoxels(await labels.voxelSlice(z), naive.slice(one, z)))
        different.push(`${one.stack}/${one.layer}/${z}`);
  }
  return different;
}
