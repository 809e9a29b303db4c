/**
 * What things are called, everywhere in the window: a *model version* is made
 * by a training, a *saved state* is the labels as they were under a name.
 */
export const words = {
  modelVersion: 'model version',
  modelVersions: 'model versions',
  savedState: 'saved state',
  savedStates: 'Saved states',
  state: 'State',
} as const;
