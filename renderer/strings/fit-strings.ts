/** Fitting the version in use to the stack that is open. */
export const fitStrings = {
  action: 'Fit to this stack',
  detail:
    'Where the model is unsure of your slices: it practises on labelled pictures of other tissue, made to look like yours. You label nothing; it takes a few minutes.',
} as const;
