import type { AuditResult, ErrorRate, MaskThresholds } from '#contract/entities';
import { formatCount, formatProbability, plural } from './format';

const rounded = (value: number): string =>
  value === 0
    ? '0'
    : value >= 100
      ? formatCount(Math.round(value))
      : String(Number(value.toPrecision(2)));

/** Random places that a person judges, and what their answers say of the whole stack. */
export const auditStrings = {
  title: 'Audit',
  detail:
    'How many walls are missing or too many? Membrana draws places at random, you judge each with one key, and get numbers with a 95 % interval to quote.',
  nothingSegmented: 'Segment slices first: places are drawn from them.',
  drawing: 'Drawing places …',
  places: 'Places',
  start: 'Draw places',
  again: 'Draw new places',
  goOn: 'Go on',
  later: 'Go on later',
  question: 'Is the mask right inside the frame?',
  place: (number: number, all: number) => `${formatCount(number)} of ${formatCount(all)}`,
  right: 'Right',
  merged: 'A wall is missing',
  split: 'A wall too many',
  skipped: 'Can’t tell',
  frame: 'Place to judge',
  answered: (answered: number, all: number) =>
    `${formatCount(answered)} of ${plural(all, 'place', 'places')} judged`,
  rates: { merges: 'Merges', splits: 'Splits' },
  rate: ({ rate, low, high }: ErrorRate, unit: AuditResult['unit']) =>
    high === null
      ? `at least ${rounded(low)} per ${unit}`
      : `${rounded(rate)} per ${unit} (${rounded(low)}–${rounded(high)})`,
  interval: 'In brackets: 95 % interval.',
  crowded:
    'More than a quarter of the places are wrong. One error is counted a place, so there are more than these: the numbers are lower bounds.',
  noPixelSize: 'The pixel size is not known, so lengths are in pixels.',
  /** Places drawn of another version or mask than is in use. */
  otherMask: (model: string, { pixel, cells }: MaskThresholds) =>
    `Drawn of ${model}, with the mask at ${formatProbability(cells)} for cells and ${formatProbability(pixel)} for pixels, which is not what is shown now. Go back to it to go on, or draw new places.`,
  shownOtherwise:
    'Slices are shown to models in another way since: the numbers are of the mask before.',
  damaged:
    'The audit of this project, audit.json, is damaged or was made by a later version of Membrana, and can’t be read. Draw new places to begin again; the file stays in the project folder under another name.',
  labelsChanged:
    'Labels have changed since these places were drawn: the numbers are of the state before.',
  copy: 'Copy the sentence',
  copied: 'The sentence for the methods section is on the clipboard.',
  notCopied: 'The clipboard is not to be had: try once more, or take the sentence from the report.',
  report: 'Report…',
  saved: (page: string, table: string) => `Report saved: ${page}, and ${table} beside it.`,
  replace: (answered: number) =>
    `The ${plural(answered, 'answer', 'answers')} of the audit before are replaced. Draw again to go on.`,
  why: {
    noPlace: 'Draw places first.',
    otherMask: 'These places were drawn of another model version or mask.',
    keeping: 'The answer before is being kept.',
    allAnswered: 'Every place is judged.',
  },
} as const;
