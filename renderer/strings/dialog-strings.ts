import { engineStrings } from './engine-strings';
import { exportStrings } from './export-strings';
import { importStrings } from './import-strings';
import { formatPercent, plural } from './format';
import { segmentStrings } from './segment-strings';
import { shortcutStrings } from './shortcut-strings';
import { versionStrings } from './version-strings';

/** Text of the dialogs. */
export const dialogStrings = {
  export: exportStrings,
  import: importStrings,
  segment: segmentStrings,
  train: {
    title: 'Train from labels',
    lead: 'Pick an image stack and the label stack that belongs to it. The result is a new model version, scored on slices it never saw.',
    data: 'Data',
    image: 'Image stack',
    labels: 'Label stack',
    notChosen: 'Not chosen',
    shape: (depth: number, width: number, height: number) =>
      `${plural(depth, 'slice', 'slices')} · ${String(width)} × ${String(height)}`,
    meaning: 'What the labels mean',
    meaningEmpty: 'Choose both stacks; the values found in the labels are listed here.',
    meaningReading: 'Reading the labels…',
    value: (value: number) => `Value ${String(value)}`,
    fraction: (fraction: number) => `${formatPercent(fraction)} of pixels`,
    isMembrane: 'membrane',
    isInterior: 'interior',
    membraneValue: 'Which value is membrane?',
    split: 'Split',
    trainSlices: 'Train on slices',
    validateSlices: 'Validate on slices',
    splitHelp:
      'As 1-20 or 1-4,9. Validation slices choose the thresholds and say whether the new model is better than the one in use; without any it is only offered.',
    overlap: (slices: string) =>
      `Slices ${slices} are in both. A model must be scored on slices it never saw.`,
    length: 'Length',
    steps: 'Steps',
    minutes: 'Minutes',
    budget: 'Stop after',
    network: 'Network',
    baseFilters: 'Base filters',
    baseFiltersHelp: {
      8: 'small, fastest',
      16: 'medium',
      32: 'large',
      64: 'the paper’s size, slowest',
    } as Readonly<Record<number, string>>,
    seed: 'Seed',
    seedHelp: 'The same seed and data give the same training.',
    name: 'Model name',
    namePlaceholder: 'Membranes, my tissue',
    start: 'Start training',
    again: 'Train another',
    stop: 'Stop training',
    running: 'Training',
    hide: 'Continue in background',
    finishing: 'Scoring on validation slices…',
    preparing: 'Preparing the training set…',
    doneTitle: 'Training finished',
    scores: { vInfo: 'V_Info', dice: 'Dice', accuracy: 'Accuracy' },
    stopped: 'Training was stopped.',
    waitingCurve: 'The curve appears after the first steps.',
    waitingPictures: 'The first pictures appear within a few steps.',
    busy: 'Another job is running. Wait for it, or cancel it, before you start training.',
    invalid: {
      pick: 'Choose an image stack and a label stack.',
      membrane: 'Say which value is membrane.',
      train: 'Name at least one slice to train on.',
      number: 'Give a number greater than 0.',
      name: 'Give the model a name.',
    },
  },
  engines: engineStrings,
  versions: versionStrings,
  shortcuts: shortcutStrings,
  about: {
    oldRuntime: (electron: string, intended: string) =>
      `This copy runs on Electron ${electron}, not on ${intended}, which it is made for: set-up could not reach Electron’s release page. It lacks the security fixes since and is for development only; don’t give it to others.`,
    title: 'About Membrana',
    version: (version: string) => `Version ${version}`,
    licence: 'Code MIT; bundled models and sample non-commercial.',
    licenceDetail:
      'The program is free software under the MIT licence. The bundled models were trained on data whose terms ask for non-commercial use, so they are for non-commercial use too; Membrana works without them.',
    sampleTitle: 'Sample and replay crops',
    sample:
      'Gerhard S., Funke J., Martel J., Cardona A., Fetter R. Segmented anisotropic ssTEM dataset of neural tissue. figshare, 2013. CC BY-NC-SA 3.0.',
    trainingTitle: 'Training data of the bundled models',
    training: [
      'Cardona A. et al. An integrated micro- and macroarchitectural analysis of the Drosophila brain by computer-assisted serial section electron microscopy. PLoS Biology 8(10), 2010.',
      'Arganda-Carreras I. et al. Crowdsourcing the creation of image segmentation algorithms for connectomics. Frontiers in Neuroanatomy 9:142, 2015.',
      'Gerhard S., Funke J., Martel J., Cardona A., Fetter R. Segmented anisotropic ssTEM dataset of neural tissue. figshare, 2013.',
    ],
    networkTitle: 'Network',
    network:
      'Ronneberger O., Fischer P., Brox T. U-Net: convolutional networks for biomedical image segmentation. MICCAI 2015.',
    links: {
      vnc: 'VNC data set',
      isbi2012: 'ISBI 2012 challenge',
      'licence-cc-by-nc-sa-3': 'CC BY-NC-SA 3.0',
      tensorflow: 'TensorFlow',
      electron: 'Electron',
    },
    builtOn: 'Built on',
    models: 'Bundled models',
    modelsEmpty: 'None in this installation.',
  },
  voxel: {
    title: 'How large is a pixel, how thick a slice?',
    titleThickness: 'How thick is a slice?',
    lead: 'The file does not say. Sizes in nanometres and exports need it; segmenting works without, better with the pixel size where it is far from 4 nm.',
    leadThickness:
      'The file does not say. Sizes in nanometres and exports need it; segmenting works without.',
    thickness: 'Slice thickness',
    pixel: 'Pixel size',
    unit: 'nm',
    save: 'Save',
    skip: 'I don’t know',
  },
} as const;
