import type { MaskThresholds } from '#contract/entities';
import { hasLine } from '#contract/mask/membrane-mask';
import type { Arguments } from './arguments';

const bounds = { min: 0, max: 1 };

/** Options by which a command is told the thresholds of a mask. */
export const maskOptions = {
  threshold: { type: 'string' },
  'pixel-threshold': { type: 'string' },
  'cells-threshold': { type: 'string' },
} as const;

export const maskHelp = [
  "--pixel-threshold T             of the mask: membrane at its own width from T on (the model's own)",
  '--cells-threshold T             of the mask: what separates cells from T on, as a line',
  '--threshold T                   one for both: no line',
];

/** The thresholds asked for, else the given ones; `--threshold` stands for those that are not told one by one. */
export function maskThresholds(args: Arguments, otherwise: MaskThresholds): MaskThresholds {
  const both = args.number('threshold', bounds);
  return {
    pixel: args.number('pixel-threshold', bounds) ?? both ?? otherwise.pixel,
    cells: args.number('cells-threshold', bounds) ?? both ?? otherwise.cells,
  };
}

/** One of the two thresholds of a mask was told. */
export function asksMask(args: Arguments): boolean {
  return args.text('pixel-threshold') !== null || args.text('cells-threshold') !== null;
}

/** Nobody told at which threshold cells are parted. */
export function cellsAreOpen(args: Arguments): boolean {
  return args.text('threshold') === null && args.text('cells-threshold') === null;
}

/** What a mask is made of, for people. */
export function maskNote(thresholds: MaskThresholds): string {
  const { pixel, cells } = thresholds;
  return `membrane from ${String(pixel)} on${hasLine(thresholds) ? ` and on the line of ${String(cells)}` : ''}`;
}
