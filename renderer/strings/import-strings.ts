import { formatCount, formatPercent, formatSlices, plural } from './format';

/** Text of the dialog that takes labels of another program in. */
export const importStrings = {
  title: 'Import labels',
  lead: 'A mask, classes or numbered cells of another program, to be corrected here.',
  file: 'Labels',
  folder: 'Choose a folder…',
  reading: 'Reading the labels…',
  empty:
    'Whatever opens as a stack: a file, or a folder of PNGs or an OME-Zarr, of the same width and height.',
  values: 'Values are',
  kinds: { values: 'Classes', boundaries: 'Cells' },
  kindHelp: {
    values: 'Each value becomes a class, or stays as it is.',
    boundaries: 'Every value is a cell: membranes lie where two cells meet.',
  },
  value: (value: number, colour: string | null) => colour ?? formatCount(value),
  share: (fraction: number) => formatPercent(fraction),
  rest: (count: number) => plural(count, 'further value', 'further values'),
  restName: 'All further values',
  meaning: (name: string) => `What ${name} means`,
  choose: 'Choose…',
  leave: 'Leave as it is',
  void: 'void',
  width: 'Membranes',
  widthUnit: 'pixels wide',
  zero: '0 is',
  zeros: { leave: 'Not labelled', membrane: 'Membrane', cell: 'A cell' },
  as: 'As',
  kindsOfLabel: { painted: 'Painted', confirmed: 'Confirmed', truth: 'Ground truth' },
  asHelp: {
    painted: 'As if you had painted them: retraining learns from them with full weight.',
    confirmed: 'As predictions that you accepted: retraining gives them little weight.',
    truth: 'Only to compare and measure with: nothing is learnt from them, nothing is painted.',
  },
  existing: 'Labelled already',
  existings: { keep: 'Keep', replace: 'Replace' },
  first: 'First slice',
  firstHelp: (depth: number, of: number) =>
    `The file has ${plural(depth, 'slice', 'slices')}, the stack ${formatCount(of)}.`,
  firstRange: (last: number) => `The first slice is a number from 1 to ${formatCount(last)}.`,
  widthRange: (widest: number) => `Membranes are 1 to ${formatCount(widest)} pixels wide.`,
  truthDepth: 'Ground truth needs a file with as many slices as the stack.',
  noFile: 'Choose a file or a folder first.',
  open: (values: string) => `Say what ${values} means.`,
  nothing: 'Every value is left as it is, so nothing would be imported.',
  import: 'Import',
  step: 'Import labels',
  done: (slices: readonly number[]) =>
    `Labels imported on ${plural(slices.length, 'slice', 'slices')}: ${formatSlices(slices)}.`,
  same: 'Nothing changed: the labels say nothing that is not there already.',
} as const;
