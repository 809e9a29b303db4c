/** Text of the tour on the sample. */
export const tourStrings = {
  title: 'Tour',
  offer: 'Three-minute tour',
  resume: 'Go on with the tour',
  offerDetail: 'Segment, fix, confirm and retrain once, on the sample.',
  step: (step: number, of: number) => `Step ${String(step)} of ${String(of)}`,
  leave: 'Leave',
  leaveHelp: 'Leave the tour (Esc). Help → Three-minute tour goes on from here.',
  skip: 'Skip this step',
  done: 'Done',
  left: 'Tour left. Help → Three-minute tour goes on from here.',
  steps: {
    segment: {
      title: 'Let the model paint the membranes',
      text: 'Press “Segment slice”. The network gives every pixel of this slice a membrane probability; what is above the threshold is shown in orange. It takes a few seconds.',
    },
    paint: {
      title: 'Brush over what is wrong',
      text: 'With the brush in hand, drag along a membrane that was missed. A right-drag erases. Every stroke is on disk at once, and undo takes it back.',
    },
    confirm: {
      title: 'Say what is right',
      text: 'Confirm the whole slice as it is shown. The model learns from what you painted and from what you confirmed.',
    },
    retrain: {
      title: 'Let it learn',
      text: 'Press “Retrain”. A new version is trained on your corrections and scored on slices it did not learn from; a worse one is kept aside. You can paint on meanwhile.',
    },
    end: {
      title: 'That is the whole loop',
      text: 'Next slice: segment, fix, confirm, retrain, until the stack is right. The File menu exports the mask. The palette finds every command; this tour stays in the Help menu.',
    },
  },
} as const;
