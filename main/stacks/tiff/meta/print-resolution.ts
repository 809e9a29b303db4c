import type { StackWarning, VoxelSize } from '#contract/entities';
import { edgeLength } from './length-unit';

const INCH_NM = 2.54e7;
const CENTIMETRE_NM = 1e7;
/** At 1 µm and above a resolution in inches or centimetres speaks of a scanner, a screen or print (up to 9,600 dots per inch = 2.6 µm), not of an electron microscope. */
const PRINT_NM = 1000;
/** A pixel of an inch or a centimetre is no resolution at all, but what is written where none is known. */
const NO_RESOLUTION_NM = 5e6;

/** Whether a pixel of `x` nm, told in a unit of `unit` nm, is a dot of a scan or of print. */
export function isPrintResolution(x: number, unit: number | null): boolean {
  return (unit === INCH_NM || unit === CENTIMETRE_NM) && x >= PRINT_NM;
}

export function printWarning(x: number): StackWarning {
  const dots = Math.round(INCH_NM / x);
  return {
    code: 'print-resolution',
    message: `The file tells ${dots} dots per inch (${Number((x / 1000).toPrecision(3))} µm a pixel), as scanners and printers count; it is not taken for a voxel size.`,
  };
}

/** Voxel size from the resolution tags alone, in pixels per unit: 2 = inch, 3 = centimetre. */
export function resolutionVoxelSize(
  perUnit: { readonly x: number; readonly y: number },
  unit: number,
): { readonly voxelSize: VoxelSize; readonly warnings: readonly StackWarning[] } {
  const unknown: VoxelSize = { x: null, y: null, z: null, source: 'unknown' };
  const nm = unit === 2 ? INCH_NM : unit === 3 ? CENTIMETRE_NM : null;
  const x = nm === null ? null : edgeLength(nm / perUnit.x);
  const y = nm === null ? null : edgeLength(nm / perUnit.y);
  if (x === null || y === null) return { voxelSize: unknown, warnings: [] };
  const edge = Math.max(x, y);
  if (!isPrintResolution(edge, nm))
    return { voxelSize: { x, y, z: null, source: 'file' }, warnings: [] };
  return { voxelSize: unknown, warnings: edge >= NO_RESOLUTION_NM ? [] : [printWarning(edge)] };
}
