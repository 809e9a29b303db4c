import type { Job } from '#contract/entities';
import { formatCount, formatDuration, formatSlices, plural } from './format';
import { trainedStrings } from './trained-strings';
import { findStackStrings } from './version-strings';

type JobCount = Pick<Extract<Job, { state: 'running' }>, 'done' | 'total' | 'unit' | 'note'>;

/** Result cards, toasts and banners. */
export const noticeStrings = {
  region: 'Notices',
  several: (count: number) => plural(count, 'notice', 'notices'),
  dismissAll: 'Dismiss all',
  errorSafe: 'What is safe',
  errorNext: 'What next',
  safeByDefault: 'Nothing you painted is affected.',
  diagnostics: 'Save diagnostics…',
  diagnosticsSaved: (name: string) => `Diagnostics saved as ${name}. They hold no image data.`,

  undone: (name: string, slice?: number) =>
    slice === undefined ? `Undone: ${name}.` : `Undone on slice ${String(slice)}: ${name}.`,
  redone: (name: string, slice?: number) =>
    slice === undefined ? `Done again: ${name}.` : `Done again on slice ${String(slice)}: ${name}.`,
  stillLoading: 'This part of the slice is still being read.',
  nothingToConfirm: 'There is no prediction here yet. Press S to segment the slice first.',
  nothingToUndo: 'Nothing to undo.',
  nothingToRedo: 'Nothing to redo.',
  hiddenLayer: 'The mask is hidden, so nothing would show. Press M to show it, then paint.',
  cannotPaintReadOnly: 'This project is open for reading only, so nothing can be painted.',
  picked: (name: string) => `Painting ${name}.`,
  pickedNothing: 'Nobody has labelled this pixel.',
  sliceConfirmed: (slice: number) => `Slice ${String(slice)} confirmed.`,
  voxelSaved: 'Voxel size saved with the project.',

  segmentedTitle: (slices: number) =>
    slices === 1 ? 'Slice segmented' : `${formatCount(slices)} slices segmented`,
  segmentedFix: 'Brush over what is wrong; confirm what is right.',
  segmentedSkipped: (count: number, first: string) =>
    `${plural(count, 'slice was', 'slices were')} left out: ${first}`,
  ...trainedStrings,
  steppedDownTitle: 'The job is done, with a remark',
  steppedDownEngines: 'Engines…',
  exportedTitle: 'Exported',
  exported: (name: string, folder: string, size: string, slices: number) =>
    `${name} in ${folder}: ${plural(slices, 'slice', 'slices')}, ${size}.`,
  exportedSlices: (slices: readonly number[]) =>
    slices.length === 1
      ? `It is slice ${formatSlices(slices)}.`
      : `They are slices ${formatSlices(slices)}.`,
  exportedLeftOut: (slices: readonly number[]) =>
    `Left out, since not segmented: ${formatSlices(slices)}.`,
  showInFolder: 'Show in folder',
  vanishedJob: (title: string) => `${title}: this job is not known any more.`,
  vanishedHint: 'Start it again if its result is missing.',

  jobQueued: 'Waiting…',
  jobLeft: (seconds: number) => `about ${formatDuration(seconds)} left`,
  jobCancelling: 'Stopping…',
  /** How far a running job is; what it says of itself before it knows how much there is to do. */
  jobProgress: ({ done, total, unit, note }: JobCount): string => {
    if (total <= 0) return note === '' ? 'Starting…' : note;
    switch (unit) {
      case 'slices':
        // Slices are done one after another: between two, the next is the one at work.
        return `slice ${formatCount(Math.min(total, Math.floor(done) + 1))} of ${formatCount(total)}`;
      case 'steps':
        // Between the last step and the verdict all slices are looked at once more.
        return done >= total
          ? 'All steps done, checking the new version…'
          : `step ${formatCount(done)} of ${formatCount(total)}`;
      case 'percent':
        return `${note === '' ? '' : `${note} · `}${String(Math.round((100 * done) / total))} % of the time`;
    }
  },
  jobCancelled: (title: string) => `${title}: stopped. Nothing that was done before is lost.`,

  recoveredTitle: 'Your work was recovered',
  readOnlyTitle: 'Read only',
  sourceMissingTitle: 'The stack of this project is missing',
  sourceMissing: (name: string) =>
    `${name} is not where it was. Labels, predictions and models are safe in the project. Show where it is now; it is known again by its content.`,
  sourceChangedTitle: 'The stack has changed since',
  sourceChanged: (name: string) =>
    `${name} is not the same file as when this project was made. Labels may not fit it.`,
  findStack: findStackStrings,
  warningsTitle: (count: number) => plural(count, 'note', 'notes') + ' from reading this stack',
  warningMore: (count: number) => `and ${formatCount(count)} more`,
} as const;
