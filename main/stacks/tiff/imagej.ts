import type { VoxelSize } from '#contract/entities';
import { edgeLength, unitInNanometres } from './length-unit';
import type { PlaneAxis } from './stack-axes';

/** What ImageJ's description says: `key=value` lines after `ImageJ=version`. */
export interface ImageJDescription {
  /** Planes in the file, or 1 where not told. */
  readonly images: number;
  readonly channels: number;
  readonly slices: number;
  readonly frames: number;
  readonly spacing: number | null;
  readonly unit: string | null;
}

/** Parses ImageJ's description; null for any other text. */
export function parseImageJ(description: string): ImageJDescription | null {
  if (!description.startsWith('ImageJ=')) return null;
  const values = new Map<string, string>();
  for (const line of description.split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  const count = (key: string): number => {
    const value = Number(values.get(key) ?? 1);
    return Number.isSafeInteger(value) && value > 0 ? value : 1;
  };
  const spacing = Number(values.get('spacing') ?? NaN);
  const [channels, slices, frames] = [count('channels'), count('slices'), count('frames')];
  return {
    images: values.has('images') ? count('images') : channels * slices * frames,
    channels,
    slices,
    frames,
    spacing: Number.isFinite(spacing) ? Math.abs(spacing) : null,
    unit: values.get('unit') ?? null,
  };
}

/**
 * Voxel size of an ImageJ stack: the resolution tags count pixels per unit, z is
 * `spacing` in the same unit.
 * @param perUnit X- and YResolution, pixels per unit
 */
export function imageJVoxelSize(
  { unit, spacing }: ImageJDescription,
  perUnit: { readonly x: number; readonly y: number },
): VoxelSize {
  const nm = unit === null ? null : unitInNanometres(unit);
  if (nm === null) return { x: null, y: null, z: null, source: 'unknown' };
  const x = edgeLength(nm / perUnit.x);
  const y = edgeLength(nm / perUnit.y);
  const z = spacing === null ? null : edgeLength(nm * spacing);
  return { x, y, z, source: x === null && y === null && z === null ? 'unknown' : 'file' };
}

/** Axes of the pages, slowest first: ImageJ writes frames, then slices, then channels. */
export function imageJAxes({ frames, slices, channels }: ImageJDescription): PlaneAxis[] {
  return [
    { axis: 'T', size: frames },
    { axis: 'Z', size: slices },
    { axis: 'C', size: channels },
  ];
}
