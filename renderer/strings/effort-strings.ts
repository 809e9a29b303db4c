import { formatCount, formatDuration } from './format';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** What people have put into the project by hand. */
export const effortStrings = {
  title: 'Your work',
  active: 'At the canvas',
  activeHelp: 'Time between two inputs on the slice; pauses of more than 20 s don’t count.',
  strokes: 'Strokes',
  pixels: 'Pixels painted',
  rounds: 'Retrainings',
  time: formatDuration,
  count: formatCount,
  withUndone: (strokes: number, takenBack: number) =>
    takenBack === 0
      ? formatCount(strokes)
      : `${formatCount(strokes)}, ${formatCount(takenBack)} taken back`,
  since: (iso: string) => `Counted since ${moment.format(new Date(iso))}. The report has it, too.`,
} as const;
