import type { BadBlock } from '#contract/entities';
import type { PixelArray } from './pixel-array';
import type { VolumeInfo } from './volume-info';

/** Which chunk: `level` counts halvings, z, y and x count chunks of that level. */
export interface ChunkKey {
  readonly level: number;
  readonly z: number;
  readonly y: number;
  readonly x: number;
  readonly channel: number;
}

/** Why (a part of) a chunk can't be had. */
export interface ChunkProblem {
  readonly state: BadBlock['state'];
  readonly reason: string;
  /** Rows before the first bad one, where a chunk is a single slice; else 0. */
  readonly goodRows: number;
}

/**
 * Voxels of a whole chunk in the order z, y, x, sample. Where nothing can be had
 * `pixels` is empty and `problem` says why.
 */
export interface Chunk {
  readonly pixels: PixelArray;
  readonly problem: ChunkProblem | null;
}

/** Where the voxels of a volume come from. */
export interface ChunkSource {
  readonly info: VolumeInfo;
  /** @throws MembranaError file.changed when the volume itself is gone; AbortError. What is wrong with one chunk is told in it. */
  read(key: ChunkKey, signal: AbortSignal): Promise<Chunk>;
}
