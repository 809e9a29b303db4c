import { formatCount, formatSlices, plural } from './format';

const slices = (count: number): string => plural(count, 'slice', 'slices');

/** Text of the export dialog. */
export const exportStrings = {
  title: 'Export',
  lead: 'With the voxel size and what the values mean, for other programs.',
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
  format: 'Format',
  formats: {
    tiff: 'TIFF',
    'ome-zarr-0.5': 'OME-Zarr 0.5',
    'ome-zarr-0.4': 'OME-Zarr 0.4',
    png: 'PNG',
    nrrd: 'NRRD',
  },
  formatHelp: {
    tiff: 'One file with a page a slice: Fiji, napari, Python.',
    'ome-zarr-0.5':
      'A folder of few large files, at several sizes; labels lie inside the stack, which is copied along: webKnossos, napari, Neuroglancer.',
    'ome-zarr-0.4':
      'A folder of many small files, at several sizes; labels lie inside the stack, which is copied along: programs that don’t know 0.5 yet.',
    png: 'A folder with a grey picture a slice, numbered from 0.',
    nrrd: 'One compressed file: 3D Slicer, ITK, Python.',
  },
  noStack: 'OME-Zarr takes the stack along, and the stack is not where it was.',
  of: 'Of',
  ofClass:
    'Your strokes of it, elsewhere where the model finds it, as its slider under Classes is set. A pixel may be membrane as well.',
  values: 'Values',
  maskValues: { '0/255': '0 and 255', '0/1': '0 and 1' },
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
  written: (count: number) => `${slices(count)} will be written.`,
  segmentFirst: (count: number, all: number) =>
    `${slices(count)} will be segmented, then ${formatCount(all)} written.`,
  choose: 'Export…',
} as const;
