import { formatProbability } from './format';

/** By how much a threshold lies beside what the model suggests, in words. */
function beside(value: number, suggested: number, less: string, more: string): string {
  if (Math.abs(value - suggested) < 0.005) return 'as the model suggests';
  return value > suggested ? less : more;
}

/** The control of the mask. */
export const maskStrings = {
  title: 'Mask',
  from: {
    validation: 'as the model suggests',
    steadier: 'steadier on your slices',
    user: 'set by you',
    before: 'as it was in this project',
    default: 'default',
  },
  width: 'Line width',
  widthHelp:
    'How bold membranes are drawn. It moves the edge of each membrane; what it separates stays.',
  finer: 'finer',
  bolder: 'bolder',
  widthText: (value: number, suggested: number) =>
    `${formatProbability(value)}, ${beside(value, suggested, 'finer than the model suggests', 'bolder than the model suggests')}`,
  gaps: 'Gaps',
  gapsHelp:
    'How faint a membrane may be and still separate two cells. Faint ones are drawn as a thin line.',
  leaves: 'leaves gaps',
  closes: 'closes gaps',
  gapsText: (value: number, suggested: number) =>
    `${formatProbability(value)}, ${beside(value, suggested, 'leaves more gaps than the model suggests', 'closes more gaps than the model suggests')}`,
  noLine: 'No thin lines are drawn: faint membranes leave gaps.',
  suggest: 'Suggested',
  suggestHelp:
    'Line width and gaps as the model suggests: chosen on labelled slices that it did not learn from; gaps so that turned slices give the same cells, where the model is not at home on yours',
  numbers: 'Numbers',
  pixelThreshold: 'Membrane from',
  cellsThreshold: 'Thin line from',
  empty: 'Segment a slice; then line width and gaps of the mask are set here.',
};
