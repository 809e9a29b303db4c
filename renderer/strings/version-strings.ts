import { plural } from './format';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** Text of the dialog of named versions, and of finding a stack again. */
export const versionStrings = {
  title: 'Versions',
  lead: 'Saving is continuous: every stroke is on disk already. A version is a state of the labels that you can come back to.',
  name: 'Name',
  suggested: (number: number, now: Date) => `Version ${String(number)} – ${time.format(now)}`,
  save: 'Save version',
  list: 'Saved versions',
  empty: 'No version yet. The first one appears here.',
  reading: 'Reading the versions…',
  facts: (created: string, slices: number) =>
    `${moment.format(new Date(created))} · ${slices === 0 ? 'no labels' : `labels on ${plural(slices, 'slice', 'slices')}`}`,
  restore: 'Restore',
  restoreNamed: (name: string) => `Restore ${name}`,
  step: (name: string) => `Restore ${name}`,
  saved: (name: string) => `Saved as “${name}”.`,
  restored: (name: string) => `These are the labels of “${name}”. Undo brings back what was there.`,
  sameAlready: (name: string) => `The labels are those of “${name}” already.`,
  unsaved: 'The last strokes are not on disk yet, so a version would lack them.',
} as const;

export const findStackStrings = {
  find: 'Find it…',
  otherTitle: 'This is another file',
  other: (name: string) =>
    `${name} has the right size, but it is not the file that this project was made from. Labels may not fit it.`,
  useAnyway: 'Use it anyway',
  findAnother: 'Find another…',
  found: (name: string) => `${name} is the stack of this project again.`,
} as const;
