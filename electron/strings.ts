import type { MenuCommand } from '#contract/events';

/** Every word that the native menu and the system dialogs show. */
export const menuStrings = {
  file: '&File',
  edit: '&Edit',
  view: '&View',
  slice: '&Slice',
  model: '&Model',
  review: '&Review',
  help: '&Help',
  openRecent: 'Open &Recent',
  noRecent: 'No Recent Projects',
  clearRecent: 'Clear List',
  export: '&Export',
  theme: '&Theme',
  quit: 'Quit',
} as const;

export const commandStrings: Readonly<Record<MenuCommand, string>> = {
  'file.open': '&Open Stack…',
  'file.openProject': 'Open &Project…',
  'file.openSample': 'Open &Sample Stack',
  'file.close': '&Close Project',
  'file.exportMask': '&Mask as TIFF…',
  'file.exportProbability': '&Probability as TIFF…',
  'edit.undo': '&Undo',
  'edit.redo': '&Redo',
  'view.fit': '&Fit Slice in Window',
  'view.actualSize': '&Actual Pixels',
  'view.zoomIn': 'Zoom &In',
  'view.zoomOut': 'Zoom &Out',
  'view.autoContrast': 'Auto &Contrast',
  'view.hideOverlays': '&Hide Overlays',
  'view.themeSystem': 'Same as &System',
  'view.themeLight': '&Light',
  'view.themeDark': '&Dark',
  'slice.next': '&Next Slice',
  'slice.previous': '&Previous Slice',
  'slice.first': '&First Slice',
  'slice.last': '&Last Slice',
  'model.segmentSlice': '&Segment Slice',
  'model.segmentStack': 'Segment &Whole Stack',
  'model.retrain': '&Retrain on Corrections',
  'model.train': '&Train from Labels…',
  'model.engines': '&Engines…',
  'review.confirmSlice': 'Confirm &Slice',
  'review.confirmRegion': 'Confirm &Region',
  'help.shortcuts': '&Keyboard Shortcuts',
  'help.about': '&About Membrana',
  'help.diagnostics': 'Save &Diagnostics…',
};

export const dialogStrings = {
  open: {
    stack: 'Open a stack',
    labels: 'Choose the label stack',
    project: 'Open a project',
    model: 'Choose a model',
  },
  save: {
    mask: 'Save the mask',
    probability: 'Save the probability',
    diagnostics: 'Save diagnostics',
  },
  tiff: 'TIFF stack',
  text: 'Text file',
  anyFile: 'All files',
  crashedTitle: 'The window stopped again and again',
  crashedDetail:
    'Everything painted is on disk. Save diagnostics from the Help menu after a restart and report this.',
  restart: 'Try again',
  quit: 'Quit',
} as const;
