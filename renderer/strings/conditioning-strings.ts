import type { Conditioning, StackTrust } from '#contract/entities';
import { formatDecimal, formatPercent, formatProbability, formatScore } from './format';
import { words } from './words';

type Done = Pick<Conditioning, 'inverted' | 'smoothing' | 'flatField' | 'scale'>;

/** What is done to slices, in a few words: "smoothed by 1.5 px, evened out". */
function done({ inverted, smoothing, flatField, scale }: Done): string {
  const parts = [
    inverted ? 'light and dark swapped' : '',
    smoothing > 0 ? `smoothed by ${formatDecimal(smoothing)} px` : '',
    flatField > 0 ? 'evened out' : '',
    scale === 1 ? '' : `taken ${formatDecimal(scale)} × as large`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'as they are' : parts.join(', ');
}

/** Why it is done, as the beginning of a sentence. */
function why({ inverted, smoothing, flatField, scale }: Done): string {
  if (inverted) return 'Your slices have bright membranes, the model knows dark ones';
  if (smoothing > 0 && flatField > 0)
    return 'Your slices are noisier and less evenly lit than what the model knows';
  if (smoothing > 0) return 'Your slices are noisier than what the model knows';
  if (flatField > 0) return 'Your slices are unevenly lit';
  if (scale !== 1) return 'Your slices have pixels of another size than what the model knows';
  return 'Your slices are as the model knows them';
}

/** How slices are shown to models, and how far these can be trusted. */
export const conditioningStrings = {
  how: (value: Done) => done(value),
  line: (value: Done) => `${why(value)}: ${done(value)}.`,
  undone: (value: Done) =>
    `The model gets your slices ${done(value)}. What was segmented otherwise is segmented again.`,
  again: (value: Done) => `Back to: ${done(value)}`,
  gotIt: 'Got it',
  region: 'How the model gets your slices',
  shown: (value: Done) => `The model gets your slices ${done(value)}.`,
  proposed: (scale: number) =>
    scale > 1
      ? `Nobody knows how large your pixels are. The model fits better when they are taken for ${formatDecimal(scale)} × as large.`
      : `Nobody knows how large your pixels are. The model fits better when they are taken for ${formatDecimal(1 / scale)} × as small.`,
  useProposed: 'Try it',
  stale: 'Segmented when the model got the slices in another way',
  staleHelp: 'Segment the slice to see what the model makes of it now.',

  trust: 'At home here?',
  lights: { green: 'At home', yellow: 'Doubtful', red: 'Not at home' },
  lightsMean: {
    green:
      'The model knows pictures like these. Correcting buys you the width of lines, not other cells.',
    yellow:
      'Some cells are doubtful. Fit the model to this stack, or correct the worst and retrain.',
    red: 'The model does not know this kind of picture. Fit it to this stack, or train one on a few labelled slices; and see that the stack shows membranes, is in focus and has the right voxel size.',
  },
  blurred: (pixels: number) =>
    `Your slices are blurred by ${formatDecimal(Math.round(pixels * 10) / 10)} px beside the pictures that models learn from. That merges cells without a sign of doubt; fit the model to this stack and compare.`,
  measuredOn: ({ agreement, slices }: StackTrust) =>
    `Turned slices give the same cells to ${formatPercent(agreement)} (${slices.length === 1 ? 'slice' : 'slices'} ${slices.map(({ z }) => String(z + 1)).join(', ')}).`,
  numbers: ({ agreement, disagreement, share }: StackTrust) =>
    `V_Info of the cells of a slice and of its transpose: ${formatScore(agreement)}. Disagreement of the maps: ${disagreement === null ? '–' : formatDecimal(Math.round(disagreement * 1000) / 1000)}. Membrane: ${formatPercent(share)} of the tissue.`,
  better: (threshold: number) => `Steadier cells at ${formatProbability(threshold)}`,
  betterHelp: (agreement: number) =>
    `At this threshold turned slices give the same cells to ${formatPercent(agreement)}`,
  measuring: 'Turning a few slices over, to see whether the cells stay the same…',
  notMeasured: `How far this ${words.modelVersion} can be trusted here is measured after the first slice is segmented.`,
  measure: 'Measure now',
} as const;
