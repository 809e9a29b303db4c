import type { ErrorCounts, SegmentationError } from '#contract/entities';
import { formatCount, formatScore, formatSlices, plural } from './format';

/** What is another since the measuring, the weightiest first. */
export type AccuracyChange = 'membrane' | 'model' | 'mask' | 'slices';

/** A score, or a dash where it can't be told. */
const score = (value: number | null): string => (value === null ? '–' : formatScore(value));

const kinds: Record<SegmentationError['kind'], string> = {
  merge: 'Wall missing',
  split: 'Wall too many',
  lost: 'Cell lost',
};

const kindsHelp: Record<SegmentationError['kind'], string> = {
  merge: 'Cells that the truth keeps apart run into each other here',
  split: 'A cell that is one in the truth is cut in two here',
  lost: 'Nothing is left of a cell of the truth: membrane covers it',
};

const changes: Record<AccuracyChange, string> = {
  membrane: 'Out of date: the truth, or its membrane value, is another one.',
  model: 'Out of date: another model version is in use.',
  mask: 'Out of date: the mask is set differently now.',
  slices: 'Out of date: slices with a dot were painted or segmented since.',
};

/** How right the mask is by the truth that lies beside the stack. */
export const accuracyStrings = {
  title: 'Accuracy',
  detail:
    'Compares the mask of the segmented slices, with what you painted, to the truth. Nothing learns from it.',
  measure: 'Measure',
  again: 'Measure again',
  measuring: 'Measuring the segmented slices',
  waiting: 'Waiting for other work to end …',
  progress: (done: number, total: number) => `${formatCount(done)} of ${formatCount(total)} slices`,
  score,
  slices: (count: number) => plural(count, 'slice', 'slices'),
  slice: (z: number) => `slice ${formatCount(z + 1)}`,
  goToSlice: (z: number) => `Go to slice ${formatCount(z + 1)}`,
  blank: (slices: readonly number[]) =>
    `Left out, no membrane in the truth: ${slices.length === 1 ? 'slice' : 'slices'} ${formatSlices(slices)}.`,
  heads: { score: 'score', merges: 'kept apart', splits: 'kept whole', slice: 'Slice' },
  headsHelp: {
    score: '1 = as the truth',
    merges: 'Falls where cells run together (precision); 1 = nowhere',
    splits: 'Falls where cells are cut (recall); 1 = nowhere',
  },
  vInfo: 'V_Info',
  vRand: 'V_Rand',
  dice: 'Dice',
  vInfoHelp: 'Are the same pixels together in a cell as in the truth? Mean of the slices',
  vRandHelp: 'The same by pairs of pixels: large cells weigh more. Mean of the slices',
  diceHelp: 'Overlap of the membrane pixels, so of line width too; all slices pooled',
  bySlice: 'Slice by slice',
  changed: changes,
  sliceChanged: 'Painted or segmented since it was measured',
  errors: ({ merges, splits, lost }: ErrorCounts) =>
    [
      plural(merges, 'wall missing', 'walls missing'),
      plural(splits, 'wall too many', 'walls too many'),
      ...(lost > 0 ? [plural(lost, 'cell lost', 'cells lost')] : []),
    ].join(', '),
  noErrors: 'No wall is wrong.',
  errorList: 'Errors, the most costly first',
  listed: (shown: number, all: number) =>
    shown < all ? `The ${formatCount(shown)} most costly of ${formatCount(all)} are listed.` : '',
  place: (number: number, all: number) => `${formatCount(number)} of ${formatCount(all)}`,
  kinds,
  kindsHelp,
  cost: (vInfo: number) => `−${vInfo.toFixed(4)}`,
  costHelp: (parts: readonly number[]) =>
    `What it alone takes from the V_Info of its slice. Parts: ${parts.map(formatCount).join(', ')} pixels`,
  next: 'Next',
  previous: 'Back',
  why: {
    noTruth: 'Open a truth in the layer list first.',
    noMembrane: 'Say first which value of the truth is membrane (layer list).',
    notSegmented: 'Segment slices first: they are compared then.',
    running: 'It is being measured.',
    notMeasured: 'Measure first.',
    noErrors: 'No wall is wrong.',
    first: 'This is the first error.',
    last: 'This is the last error of the list.',
  },
} as const;
