import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabelClass, StackInfo } from '#contract/entities';
import { StackId } from '#contract/ids';
import { applyTilePatch, type LabelPatch, type TilePatch } from '#contract/label-patch';
import { encodePatch } from '#contract/label-patch-codec';
import type { ProjectChange, ProjectStep } from '#contract/project-step';
import { TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import { journalFolder } from '../../storage/journal/journal-segment';
import type { Project } from '../project';
import { createProject } from '../project-store';
import type { StorageOptions } from '../storage-options';

/** Small enough to be quick, and with tiles that the slice covers only in part. */
export const shape = { width: 700, height: 530, depth: 2 } as const;

export const stackInfo: StackInfo = {
  ...shape,
  type: 'uint8',
  samples: 1,
  meaning: { kind: 'grey', stored: 'grey', alpha: null },
  voxelSize: { x: 4, y: 4, z: 50, source: 'file' },
  axes: 'ZYX',
  compression: 'none',
  byteOrder: 'little',
  fileBytes: 700 * 530 * 2,
  warnings: [],
};

/** No reserve and no timer unless a test asks for them. */
export const quickStorage: Partial<StorageOptions> = {
  reserveBytes: 0,
  warnBytes: 0,
  checkpointMs: 3_600_000,
};

export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'membrana-project-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export function newProject(
  folder: string,
  options: Partial<StorageOptions> = {},
): Promise<Project> {
  const fingerprint = { size: 10, head: 'aa', tail: 'bb' };
  return createProject(
    { folder, name: 'Sample', stackPath: '/data/stack.tif', stackInfo, fingerprint },
    { ...quickStorage, ...options },
  );
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const strokeValues = [0, 1, 2, 2, 2, 127, 129, 130];

/** A stroke: one to three tiles, a few runs each, within the slice. */
export function randomPatch(random: () => number, sequence: number): LabelPatch {
  const below = (limit: number): number => Math.floor(random() * limit);
  const tiles = new Map<string, TilePatch>();
  for (let n = 1 + below(3); n > 0; n -= 1) {
    const tx = below(tileCount(shape.width));
    const ty = below(tileCount(shape.height));
    const columns = Math.min(TILE_SIZE, shape.width - tx * TILE_SIZE);
    const rows = Math.min(TILE_SIZE, shape.height - ty * TILE_SIZE);
    const runs: number[] = [];
    for (let y = below(rows); y < rows && runs.length < 20; y += 1 + below(3)) {
      const x = below(columns);
      runs.push(y * TILE_SIZE + x, 1 + below(columns - x));
    }
    const value = strokeValues[below(strokeValues.length)] ?? 2;
    const pixels = runs.reduce((sum, part, i) => (i % 2 ? sum + part : sum), 0);
    const mixed = below(4) === 0;
    tiles.set(`${String(tx)},${String(ty)}`, {
      tx,
      ty,
      runs: Uint32Array.from(runs),
      before: { kind: 'uniform', value: 0 },
      after: mixed
        ? { kind: 'pixels', values: Uint8Array.from({ length: pixels }, (_, i) => (i + value) % 3) }
        : { kind: 'uniform', value },
    });
  }
  return {
    stack: StackId.parse('stack-1'),
    layer: 'membranes',
    element: 'uint8',
    z: below(shape.depth),
    sequence,
    action: 'do',
    name: 'Brush',
    tiles: [...tiles.values()],
  };
}

export function randomStroke(random: () => number, sequence: number): Uint8Array<ArrayBuffer> {
  return encodePatch(randomPatch(random, sequence));
}

/** A step that renames the membrane class to a name with the step's number. */
export function renameStep(sequence: number, action: ProjectStep['action'] = 'do'): ProjectStep {
  const named = (name: string): LabelClass[] => [
    { id: 1, name: 'interior', colour: '#009e73', key: 1, locked: false },
    { id: 2, name, colour: '#e69f00', key: 2, locked: false },
  ];
  const after = named(`membrane ${String(sequence)}`);
  const change: ProjectChange = { kind: 'classes', before: named('membrane'), after };
  return { sequence, action, name: 'Rename class', change };
}

/** The labels as plain arrays, to compare with. */
export class NaiveLabels {
  private readonly tiles = new Map<string, Uint8Array>();

  apply(patch: LabelPatch): void {
    for (const tile of patch.tiles) {
      const key = `${String(patch.z)}/${String(tile.tx)}/${String(tile.ty)}`;
      const bytes = this.tiles.get(key) ?? new Uint8Array(TILE_PIXELS);
      applyTilePatch(bytes, tile);
      this.tiles.set(key, bytes);
    }
  }

  /** The label bytes of a whole tile. */
  put(z: number, tx: number, ty: number, bytes: Uint8Array): void {
    this.tiles.set(`${String(z)}/${String(tx)}/${String(ty)}`, bytes);
  }

  slice(z: number): Uint8Array {
    const { width, height } = shape;
    const out = new Uint8Array(width * height);
    for (let y = 0; y < height; y += 1)
      for (let left = 0; left < width; left += TILE_SIZE) {
        const tx = left / TILE_SIZE;
        const ty = Math.floor(y / TILE_SIZE);
        const tile = this.tiles.get(`${String(z)}/${String(tx)}/${String(ty)}`);
        if (!tile) continue;
        const row = tile.subarray((y % TILE_SIZE) * TILE_SIZE);
        out.set(row.subarray(0, Math.min(TILE_SIZE, width - left)), y * width + left);
      }
    return out;
  }
}

/** Slices whose labels in the project differ from the plain ones. */
export async function differingSlices(project: Project, naive: NaiveLabels): Promise<number[]> {
  const different: number[] = [];
  for (let z = 0; z < shape.depth; z += 1)
    if (Buffer.compare(await project.labels.slice(z), naive.slice(z)) !== 0) different.push(z);
  return different;
}

/** Three strokes, numbered from `from` on, in a project and in the labels beside it. */
export async function paintThree(project: Project, naive: NaiveLabels, from = 1): Promise<void> {
  for (let sequence = from; sequence < from + 3; sequence += 1) {
    const patch = randomPatch(seeded(sequence), sequence);
    naive.apply(patch);
    await project.labels.append(encodePatch(patch));
  }
}

/** Names of the commit records in a project, oldest first. */
export async function commitNames(project: string): Promise<string[]> {
  return (await readdir(journalFolder(project))).filter((name) => name.startsWith('commit'));
}
