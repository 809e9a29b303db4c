import type { AuditResult, ErrorRate } from '#contract/entities';
import { formatCount, plural } from './format';

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
  otherMask:
    'These places were drawn of another model version or mask. Go back to it, or draw new ones.',
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
    keeping: 'The answer before is being kept.',
    allAnswered: 'Every place is judged.',
  },
} as const;
