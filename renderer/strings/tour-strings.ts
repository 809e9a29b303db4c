import { formatCount, plural } from './format';

/** Text of the tour on the sample. */
export const tourStrings = {
  title: 'Tour',
  offer: 'Three-minute tour',
  resume: 'Go on with the tour',
  offerDetail: 'Segment, mend a mistake and retrain once, on the sample.',
  step: (step: number, of: number) => `Step ${String(step)} of ${String(of)}`,
  leave: 'Leave',
  leaveHelp: 'Leave the tour (Esc). Help → Three-minute tour goes on from here.',
  skip: 'Skip this step',
  done: 'Done',
  /** `model`: what stays in use, where the tour chose it. */
  left: (model: string | null) =>
    `Tour left${model === null ? '' : `; its model, ${model}, stays in use`}. Help → Three-minute tour goes on from here.`,
  steps: {
    segment: {
      title: 'Let the model paint the membranes',
      text: 'Press “Segment slice”. The network gives every pixel a membrane probability; what it takes for membrane turns orange. The tour begins with a model that has never seen this tissue, so that there is something to mend.',
    },
    paint: {
      title: 'Mend what is wrong',
      text: 'In the ring the model takes the inside of a cell for membrane. The brush holds “interior”: drag over the orange in the ring, or erase it with a right-drag. Every stroke is on disk at once, and undo takes it back.',
    },
    retrain: {
      title: 'Let it learn',
      text: 'Press “Retrain”. A new version learns from most of your strokes and has to get the others right by itself; a worse one is kept aside. It takes about a minute, and you can paint on meanwhile.',
    },
  },
  /** What was reached, and the way on. */
  end: {
    accepted: {
      title: (name: string) => `Better: ${name} is in use now`,
      text: (reason: string) => reason,
    },
    keptAside: {
      title: 'Segmented, mended, trained',
      text: (reason: string, pixels: number) =>
        `Your ${plural(pixels, 'corrected pixel', 'corrected pixels')} are saved and count in every mask and export. The old version stays in use until you choose the new one. ${reason}`,
    },
    untrained: {
      title: 'That is the loop',
      text: (pixels: number) =>
        pixels === 0
          ? 'Segment, mend, retrain, until the stack is right.'
          : `${formatCount(pixels)} pixels are corrected and saved. Retraining learns from them when you like.`,
    },
    next: 'Next: segment, mend and confirm slice after slice (Shift+Enter says that one is right); the File menu exports the mask. “general” at the right knows this tissue already.',
  },
} as const;
