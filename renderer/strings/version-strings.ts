import { plural } from './format';
import { words } from './words';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** Text of the dialog of saved states, and of finding a stack again. */
export const versionStrings = {
  title: words.savedStates,
  lead: `Saving is continuous: every stroke is on disk already. A ${words.savedState} is the labels as they are now, under a name that you can come back to.`,
  name: 'Name',
  suggested: (number: number, now: Date) =>
    `${words.state} ${String(number)} – ${time.format(now)}`,
  save: 'Save state',
  list: words.savedStates,
  empty: `No ${words.savedState} yet. The first one appears here.`,
  reading: 'Reading the saved states…',
  facts: (created: string, slices: number) =>
    `${moment.format(new Date(created))} · ${slices === 0 ? 'no labels' : `labels on ${plural(slices, 'slice', 'slices')}`}`,
  restore: 'Restore',
  restoreNamed: (name: string) => `Restore ${name}`,
  step: (name: string) => `Restore ${name}`,
  saved: (name: string) => `Saved as “${name}”.`,
  restored: (name: string) => `These are the labels of “${name}”. Undo brings back what was there.`,
  sameAlready: (name: string) => `The labels are those of “${name}” already.`,
  unsaved: 'The last strokes are not on disk yet, so a saved state would lack them.',
} as const;

export const findStackStrings = {
  findFolder: 'Find its folder…',
  find: 'Find it…',
  otherTitle: 'This is another file',
  other: (name: string) =>
    `${name} has the right size, but it is not the file that this project was made from. Labels may not fit it.`,
  useAnyway: 'Use it anyway',
  findAnother: 'Find another…',
  found: (name: string) => `${name} is the stack of this project again.`,
} as const;
