import type { StackWarning, VoxelSize } from '#contract/entities';
import { edgeLength, isNoLength, unitInNanometres } from './length-unit';
import { isPrintResolution, printWarning } from './print-resolution';
import type { PlaneAxis } from './stack-axes';

/** What ImageJ's description says: `key=value` lines after `ImageJ=version`. */
export interface ImageJDescription {
  /** Planes in the file, or 1 where not told. */
  readonly images: number;
  readonly channels: number;
  readonly slices: number;
  readonly frames: number;
  readonly spacing: number | null;
  /** Unit of x, and of y and z where they have none of their own. */
  readonly unit: string | null;
  readonly yUnit: string | null;
  readonly zUnit: string | null;
}

const KEYS = new Set([
  ...['images', 'channels', 'slices', 'frames'],
  ...['spacing', 'unit', 'yunit', 'zunit'],
]);
/** ImageJ writes a few hundred characters. */
const LONGEST = 2 ** 20;

/** Parses ImageJ's description; null for any other text. */
export function parseImageJ(description: string): ImageJDescription | null {
  if (!description.startsWith('ImageJ=')) return null;
  const values = new Map<string, string>();
  for (const line of description.slice(0, LONGEST).split('\n')) {
    const at = line.indexOf('=');
    const key = line.slice(0, Math.max(0, at)).trim();
    if (KEYS.has(key)) values.set(key, line.slice(at + 1).trim());
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
    yUnit: values.get('yunit') ?? null,
    zUnit: values.get('zunit') ?? null,
  };
}

/**
 * Voxel size of an ImageJ stack: the resolution tags count pixels per unit, z is
 * `spacing` in its unit. Scans keep their dots per inch in ImageJ too; those are no voxel size.
 * @param perUnit X- and YResolution, pixels per unit
 */
export function imageJVoxelSize(
  { unit, yUnit, zUnit, spacing }: ImageJDescription,
  perUnit: { readonly x: number; readonly y: number },
): { readonly voxelSize: VoxelSize; readonly warnings: readonly StackWarning[] } {
  const warnings: StackWarning[] = [];
  const unknown: VoxelSize = { x: null, y: null, z: null, source: 'unknown' };
  for (const word of new Set([unit, yUnit ?? unit, zUnit ?? unit]))
    if (word !== null && unitInNanometres(word) === null && !isNoLength(word))
      warnings.push({
        code: 'unit-unknown',
        message: `The unit "${word.slice(0, 40)}" is not known; sizes in it are left open.`,
      });
  const nm = (word: string | null): number | null =>
    word === null ? null : unitInNanometres(word);
  const edge = (size: number | null, times: number): number | null =>
    size === null ? null : edgeLength(size * times);
  const x = edge(nm(unit), 1 / perUnit.x);
  const y = edge(nm(yUnit ?? unit), 1 / perUnit.y);
  if (x !== null && isPrintResolution(x, nm(unit)))
    return { voxelSize: unknown, warnings: [printWarning(x)] };
  const z = spacing === null ? null : edge(nm(zUnit ?? unit), spacing);
  const known = x !== null || y !== null || z !== null;
  return { voxelSize: known ? { x, y, z, source: 'file' } : unknown, warnings };
}

/** Axes of the pages, slowest first: ImageJ writes frames, then slices, then channels. */
export function imageJAxes({ frames, slices, channels }: ImageJDescription): PlaneAxis[] {
  return [
    { axis: 'T', size: frames },
    { axis: 'Z', size: slices },
    { axis: 'C', size: channels },
  ];
}
