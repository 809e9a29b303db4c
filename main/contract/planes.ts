import type { Rect } from './tiles';

/**
 * Planes through a stack at right angles to its slices. `xz` runs along x
 * (to the right) and z (down), one for every y; `yz` runs along z (to the
 * right) and y (down), one for every x. Slices themselves are the planes `xy`.
 */
export const planeAxes = ['xz', 'yz'] as const;
export type PlaneAxis = (typeof planeAxes)[number];

/** Size of a stack in voxels. */
export interface StackExtent {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** A place in a stack, in voxels. */
export interface Voxel {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Pixels of a plane across and down; `depth` = how many planes of this kind there are. */
export function planeExtent(axis: PlaneAxis, { width, height, depth }: StackExtent): StackExtent {
  switch (axis) {
    case 'xz':
      return { width, height: depth, depth: height };
    case 'yz':
      return { width: depth, height, depth: width };
  }
}

/** The voxel under pixel (x, y) of plane `index`; parts of pixels stay parts of voxels. */
export function voxelOf(axis: PlaneAxis, index: number, x: number, y: number): Voxel {
  switch (axis) {
    case 'xz':
      return { x, y: index, z: y };
    case 'yz':
      return { x: index, y, z: x };
  }
}

/** Where a voxel lies: the plane through it, and the pixel of that plane. */
export function placeIn(
  axis: PlaneAxis,
  { x, y, z }: Voxel,
): { readonly index: number; readonly x: number; readonly y: number } {
  switch (axis) {
    case 'xz':
      return { index: y, x, y: z };
    case 'yz':
      return { index: x, x: z, y };
  }
}

/** The slices that a rectangle of a plane crosses: `first` ≤ z < `end`. */
export function slicesOf(
  axis: PlaneAxis,
  { x, y, width, height }: Rect,
): { readonly first: number; readonly end: number } {
  return axis === 'xz' ? { first: y, end: y + height } : { first: x, end: x + width };
}
