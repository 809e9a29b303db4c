/** Fitting the version in use to the stack that is open. */
export const fitStrings = {
  action: 'Fit to this stack',
  again: 'Fit again',
  tried: (name: string, reason: string) => `A fit was tried: ${name}. ${reason}`,
  same: 'The same fit again gives the same, unless the stack, its pixel size or the way that its slices are shown has changed.',
  detail:
    'Where the model is unsure of your slices: it practises on labelled pictures of other tissue, made to look like yours. You label nothing; it takes a few minutes.',
} as const;
