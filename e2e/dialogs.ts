/** Dialogs that a menu command opens wherever a stack is open, and their titles: what every sweep looks at. */
export const dialogs = [
  ['app.palette', 'Commands'],
  ['app.settings', 'Settings'],
  ['app.keys', 'Change shortcuts'],
  ['help.shortcuts', 'Keyboard shortcuts'],
  ['help.about', 'About Membrana'],
  ['model.train', 'Train from labels'],
  ['model.engines', 'Engines'],
  ['file.save', 'Saved states'],
  ['file.importLabels', 'Import labels'],
  ['model.timeline', 'Timeline'],
  ['model.whichChanged', 'Which version changed this place?'],
] as const;
