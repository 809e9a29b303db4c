import { formatCount, formatSlices, plural } from './format';
import { words } from './words';

/** Text of the dialog that segments a range of slices, and of predictions by an earlier version. */
export const segmentStrings = {
  title: 'Segment slices',
  lead: (model: string) => `With ${model}. Each slice is on disk as soon as it is done.`,
  which: 'Slices',
  missing: (count: number) => `Missing (${formatCount(count)})`,
  all: (count: number) => `All again (${formatCount(count)})`,
  some: 'These…',
  range: 'Slices, as 1-20 or 1-4,9',
  none: `Every slice is segmented by this ${words.modelVersion} already.`,
  will: (slices: readonly number[], again: number) =>
    `${plural(slices.length, 'slice', 'slices')}: ${formatSlices(slices)}.${
      again === 0 ? '' : ` ${formatCount(again)} of them again.`
    }`,
  start: 'Segment',
  old: (model: string) => `Prediction by ${model}, an earlier ${words.modelVersion}`,
  oldHelp: `Segment the slice to see what the ${words.modelVersion} in use makes of it.`,
} as const;
