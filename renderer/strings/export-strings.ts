import { formatCount, formatSlices, plural } from './format';

const slices = (count: number): string => plural(count, 'slice', 'slices');

/** Text of the export dialog. */
export const exportStrings = {
  title: 'Export',
  lead: 'One TIFF with a page a slice and the voxel size, for Fiji, napari, Python.',
  what: 'What',
  images: {
    mask: 'Mask',
    classes: 'Classes',
    review: 'Review states',
    probability: 'Probability',
  },
  help: {
    mask: 'What the mask shows, pixel by pixel: your labels, elsewhere the prediction with its lines.',
    classes: 'What was painted or confirmed, as the number of its class.',
    review: 'Which pixels you painted, which you confirmed.',
    probability: 'What the model in use gave, before any threshold.',
  },
  of: 'Of',
  ofClass:
    'Your strokes of it, elsewhere where the model finds it, as its slider under Classes is set. A pixel may be membrane as well.',
  values: 'Values',
  value: {
    not: (name: string) => `not ${name}`,
    membrane: 'membrane',
    nobody: 'nobody has looked',
    painted: 'painted',
    confirmed: 'confirmed',
    void: 'void',
    between: (name: string) => `${name} probability 0 to 1`,
  },
  slices: 'Slices',
  all: (count: number) => `All ${formatCount(count)}`,
  current: (slice: number) => `This one (${String(slice)})`,
  some: 'Some…',
  range: 'Slices, as 1-20 or 1-4,9',
  missing: (missing: readonly number[], of: number) => {
    const gaps = missing.length;
    return of === 1
      ? `Slice ${formatSlices(missing)} isn’t segmented by the model in use, so it has no values.`
      : `${formatCount(gaps)} of ${slices(of)} ${gaps === 1 ? 'isn’t' : 'aren’t'} segmented by the model in use, so ${gaps === 1 ? 'it has' : 'they have'} no values: ${formatSlices(missing)}.`;
  },
  missingChoice: 'What to do with them',
  segment: 'Segment first',
  leaveOut: 'Leave out',
  cannotSegment: 'There is no model to segment with.',
  nothingLeft: 'Without them nothing is left to export.',
  nothingLabelled: 'Nobody has painted or confirmed anything yet.',
  pages: (count: number) => `${plural(count, 'page', 'pages')} will be written.`,
  segmentFirst: (count: number, pages: number) =>
    `${slices(count)} will be segmented, then ${plural(pages, 'page', 'pages')} written.`,
  choose: 'Export…',
} as const;
