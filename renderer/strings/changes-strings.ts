import type { CellChanges, ChangeEntry } from '#contract/entities';
import { formatCount, plural } from './format';

type Counts = Pick<CellChanges, 'split' | 'merged'>;

const over = (slices: number): string => plural(slices, 'slice', 'slices');

/** What a version changes against another one, in cells. */
export const changesStrings = {
  title: 'Changed cells',
  versions: (from: string, to: string) => `From ${from} to ${to}`,
  /** `slices` were compared; merged = new cells that hold several old ones. */
  counts: ({ split, merged }: Counts, slices: number): string => {
    if (slices === 0) return 'No slice is segmented by both versions yet.';
    if (split + merged === 0)
      return `This version splits and merges nothing on ${over(slices)}: only the width of lines differs.`;
    const parts = [
      ...(split === 0 ? [] : [`${plural(split, 'cell', 'cells')} split`]),
      ...(merged === 0
        ? []
        : [
            split === 0
              ? `${plural(merged, 'cell', 'cells')} merged`
              : `${formatCount(merged)} merged`,
          ]),
    ];
    return `${parts.join(', ')} on ${over(slices)}.`;
  },
  card: (counts: string) => `Changes: ${counts}`,
  help: 'What you painted or confirmed is the same under both.',
  show: 'Show changed cells',
  looking: 'Comparing cells …',
  partly: (all: number) => `The stack has ${over(all)}.`,
  compareAll: 'Compare all',
  comparing: 'Segmenting with both versions …',
  again: (more: number) => `${over(more)} more can be compared`,
  lookAgain: 'Look again',
  list: 'Changed cells, by slice',
  slice: (z: number) => `Slice ${String(z + 1)}`,
  kinds: { split: 'Split', merge: 'Merged' },
  sizes: ([larger, smaller]: ChangeEntry['parts']) =>
    `${formatCount(larger)} + ${formatCount(smaller)} px`,
  length: (length: number) => `wall of ${formatCount(length)} px`,
  describe: {
    split: 'One cell became two: a wall came.',
    merge: 'Two cells became one: a wall went.',
  },
  more: (more: number) => `${plural(more, 'smaller change is', 'smaller changes are')} not listed.`,
  place: (number: number, all: number) => `${formatCount(number)} of ${formatCount(all)}`,
  kept: 'as it was',
  keptHelp: 'Painted as it was; the next retraining learns it. Undo takes it back.',
  keep: 'Keep it as it was',
  first: 'Go to the first',
  next: 'Next',
  close: 'Close',
  steps: { split: 'Remove a new wall', merge: 'Put a wall back' },
  maskLocked: 'The mask is locked. Open its padlock, then keep the cell as it was.',
  why: {
    closed: 'Open the changed cells of a version first.',
    none: 'No changed cells are listed.',
    noPlace: 'Go to a change first.',
    kept: 'It is as it was already.',
  },
} as const;
