import type { ElementType, VoxelSize } from '#contract/entities';

/** A length along each axis, in voxels or chunks. */
export interface Extent {
  readonly z: number;
  readonly y: number;
  readonly x: number;
}

/** A volume at one resolution. Slices are never thinned out: every level has all of them. */
export interface VolumeLevel {
  /** How often y and x were halved: 0 is native. */
  readonly halvings: number;
  readonly shape: Extent;
  /** Voxels of a chunk; the last ones along an axis reach beyond the volume. */
  readonly chunk: Extent;
}

/** What a volume is, wherever its voxels come from. */
export interface VolumeInfo {
  /** Letters of the axes that it has, slowest first: CZYX. */
  readonly axes: string;
  readonly shape: Extent;
  readonly voxelSize: VoxelSize;
  /** Resolutions that can be read as they are, native first. */
  readonly levels: readonly [VolumeLevel, ...VolumeLevel[]];
  readonly element: ElementType;
  /** Kept in chunks of their own. */
  readonly channels: number;
  /** Values that lie side by side for each voxel of a chunk: 3 for colours. */
  readonly samples: number;
}
