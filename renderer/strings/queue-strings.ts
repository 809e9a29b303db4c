import { formatCount, formatDuration, plural } from './format';

/** Whole minutes, of longer times five at once: no guess is better than that. */
function roughly(seconds: number): string {
  const minutes = seconds / 60;
  const step = minutes < 10 ? 1 : 5;
  return formatDuration(Math.max(1, Math.round(minutes / step) * step) * 60);
}

/** Places that are probably wrong, one after the other. */
export const queueStrings = {
  title: 'Where to look next',
  detail:
    'Goes to the places of the stack where the mask is probably wrong, the ones that pay most first. Nothing changes until you paint.',
  looking: 'Looking through the segmented slices …',
  nothingSegmented: 'Segment slices first: they are looked through then.',
  over: 'Nothing more to ask on the segmented slices.',
  reasons: {
    end: 'A membrane ends here.',
    open: 'Two cells touch without a wall.',
    faint: 'A wall that is hardly there.',
  },
  middle: 'It is in the ring.',
  ring: 'Place to look at',
  place: (number: number, all: number) => `${formatCount(number)} of ${formatCount(all)}`,
  others: (count: number) =>
    count === 0
      ? ''
      : `${plural(count, 'more doubtful place lies', 'more doubtful places lie')} around it.`,
  left: (seconds: number) => `About ${roughly(seconds)} at your pace for the rest of the list.`,
  start: 'Go to the first place',
  right: 'It is right',
  wrong: 'Wrong: mend it',
  next: 'Skip',
  why: { noPlace: 'Go to a place first.', notSegmented: 'Segment slices first.' },
} as const;
