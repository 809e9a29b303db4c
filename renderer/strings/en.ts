import { accuracyStrings } from './accuracy-strings';
import { benchStrings } from './bench-strings';
import { commandTitles } from './command-titles';
import { conditioningStrings } from './conditioning-strings';
import { dialogStrings } from './dialog-strings';
import { effortStrings } from './effort-strings';
import { errorTitles } from './errors';
import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatLength,
  formatPercent,
  formatProbability,
  formatScore,
  formatWhen,
  plural,
} from './format';
import { fitStrings } from './fit-strings';
import { classMaskStrings } from './class-mask-strings';
import { layerStrings } from './layer-strings';
import { maskStrings } from './mask-strings';
import { noticeStrings } from './notice-strings';
import { changesStrings } from './changes-strings';
import { planeStrings } from './plane-strings';
import { placeStrings } from './place-strings';
import { auditStrings } from './audit-strings';
import { queueStrings } from './queue-strings';
import { stepStrings } from './step-strings';
import { swipeStrings, timelineStrings } from './timeline-strings';
import { toolStrings } from './tool-strings';

/** All text of the window. Values are sentences or functions that build one; components hold no words of their own. */
export const en = {
  appName: 'Membrana',
  commands: commandTitles,
  errors: errorTitles,
  notices: noticeStrings,
  dialogs: dialogStrings,
  bench: benchStrings,
  effort: effortStrings,
  layers: layerStrings,
  mask: maskStrings,
  classMasks: classMaskStrings,
  steps: stepStrings,
  planes: planeStrings,
  conditioning: conditioningStrings,

  common: {
    cancel: 'Cancel',
    close: 'Close',
    dismiss: 'Dismiss',
    stop: 'Stop',
    skip: 'Not now',
    save: 'Save',
    undo: 'Undo',
    choose: 'Choose…',
    change: 'Change…',
    none: '—',
    percent: formatPercent,
    count: formatCount,
    bytes: formatBytes,
    decimal: formatDecimal,
    duration: formatDuration,
    score: formatScore,
    probability: formatProbability,
  },

  welcome: {
    title: 'Segment membranes in electron-microscopy stacks',
    lead: 'Open a stack, let a model paint the membranes, correct it with a brush, retrain on what you corrected.',
    drop: 'Drop a stack here',
    dropNow: 'Let go to open it',
    dropDetail:
      'TIFF, HDF5, MRC or NRRD · a folder of TIFF, PNG or JPEG slices · OME-Zarr · or a project folder (.emproj)',
    open: 'Open stack…',
    openFolder: 'Open folder…',
    openProject: 'Open project…',
    train: 'Train from labels…',
    sampleTitle: 'Try it on the sample',
    sampleDetail:
      'A small real stack of fly neural tissue, with the whole loop in about three minutes.',
    sampleOpen: 'Open the sample',
    sampleMissing: 'The sample is not part of this installation.',
    unopened: 'Could not be opened',
    recent: 'Recent',
    recentEmpty: 'Stacks and projects you open will be listed here.',
    recentClear: 'Clear list',
    recentWhen: (opened: string) => formatWhen(new Date(opened), new Date()),
    recentDone: (segmented: number, corrected: number, slices: number) =>
      segmented === 0 && corrected === 0
        ? `${plural(slices, 'slice', 'slices')}, nothing done yet`
        : `${formatCount(segmented)} segmented · ${formatCount(corrected)} corrected of ${plural(slices, 'slice', 'slices')}`,
    projectsChosen: (name: string) => `New projects are kept in ${name}`,
    opening: (name: string) => `Opening ${name}…`,
    steps: [
      {
        title: 'Open',
        text: 'Your stack stays where it is. Work goes to a project folder of its own.',
      },
      { title: 'Segment', text: 'A U-Net gives every pixel a membrane probability.' },
      { title: 'Fix', text: 'Brush over what is wrong, confirm what is right.' },
      {
        title: 'Retrain',
        text: 'The model learns from your corrections. A worse one is kept aside.',
      },
    ],
  },

  top: {
    stackFacts: (depth: number, width: number, height: number) =>
      `${plural(depth, 'slice', 'slices')} · ${String(width)} × ${String(height)}`,
    voxel: (x: number | null, y: number | null, z: number | null) => {
      const part = (value: number | null): string => (value === null ? '?' : formatDecimal(value));
      return x === null && y === null && z === null
        ? 'voxel size unknown'
        : `${part(x)} × ${part(y)} × ${part(z)} nm`;
    },
    loop: 'What to do next',
    open: 'Open…',
    segment: 'Segment slice',
    segmentStack: 'Segment all slices',
    train: 'Train a model…',
    fix: 'Fix',
    retrain: 'Retrain',
    help: 'Shortcuts',
    theme: 'Theme',
    themeNames: { system: 'System theme', light: 'Light theme', dark: 'Dark theme' },
    saved: 'Saved',
    saving: (count: number) => `Saving ${plural(count, 'stroke', 'strokes')}…`,
    notSaved: (count: number) => `Not saved: ${plural(count, 'stroke', 'strokes')}`,
    aside: (count: number) => `Kept aside: ${plural(count, 'stroke', 'strokes')}`,
    asideDetail:
      'Another process has taken this project over. What is painted here goes into a file of its own and is not part of the project. Close it here and there, then “membrana project recover FOLDER --merge” adds it.',
    readOnly: 'Read only',
    savedDetail: 'Every stroke is on disk before this says saved.',
    notSavedDetail: (message: string) =>
      `${message} Your strokes are kept in this window until they can be written.`,
    engine: 'Engine',
    engineStarting: 'Starting engine…',
    engineRestarting: 'Engine restarting…',
    engineUnavailable: 'No engine',
    why: {
      busy: 'Wait for the running job, or cancel it.',
      noProject: 'Open a stack first.',
      noModel: 'There is no model yet. Train one from labels.',
      nothingCorrected: 'Correct or confirm some pixels first; the model learns from those.',
      readOnly: 'This project is open for reading only.',
      noEngine: 'No engine is available.',
      notSegmented: 'Segment this slice first.',
    },
  },

  tools: toolStrings,

  canvas: {
    label: (slice: number, depth: number) => `Slice ${String(slice)} of ${String(depth)}`,
    unreadable: (count: number, reason: string) =>
      `${plural(count, 'part', 'parts')} of this slice can’t be read (${reason}). Hatched areas hold no data, are not predicted and never trained on.`,
    noTissue: (note: string) =>
      `${note.charAt(0).toUpperCase()}${note.slice(1)}. Nothing is predicted or learnt where it is hatched.`,
    notPredicted: 'This slice has no prediction yet.',
    segmentIt: 'Segment it',
    before: 'Before',
    after: 'After',
    compare: 'What changed',
    compareLacks: (models: readonly string[]) =>
      `To compare here, this slice needs a prediction by ${models.join(' and ')}.`,
    compareMake: 'Segment it',
    compareMaking: 'Segmenting…',
    compareEnd: 'Done comparing',
    gained: 'membrane now',
    lost: 'not any more',
  },

  timeline: timelineStrings,
  swipe: swipeStrings,
  place: placeStrings,
  fit: fitStrings,
  queue: queueStrings,
  changes: changesStrings,
  audit: auditStrings,
  accuracy: accuracyStrings,

  panel: {
    label: 'Layers and model',
    layers: 'Layers',
    show: (name: string) => `Show ${name}`,
    opacity: (name: string) => `${name} opacity`,
    colour: (name: string) => `${name} colour`,
    colourNames: {
      '#e69f00': 'Orange',
      '#56b4e9': 'Sky blue',
      '#009e73': 'Green',
      '#f0e442': 'Yellow',
      '#0072b2': 'Blue',
      '#d55e00': 'Vermilion',
      '#cc79a7': 'Purple',
    },
    window: (min: number, max: number) => `${formatDecimal(min)} – ${formatDecimal(max)}`,
    windowIsAuto: 'auto',
    windowMin: 'Black point',
    windowMax: 'White point',
    histogramEmpty: 'The histogram of the shown slice appears here.',
    model: 'Model',
    modelEmpty:
      'Train one from a stack and its label stack. The bundled models are not part of this installation.',
    inUse: 'in use',
    inUseAnyway: 'in use, your choice',
    keptAside: 'kept aside',
    start: 'start',
    use: 'Use',
    useModel: (name: string) => `Use ${name}`,
    goBackTo: (name: string) => `Go back to ${name}`,
    vInfo: 'V_Info on held-out slices',
    vInfoOf: (value: number) => `V_Info ${formatScore(value)}.`,
    scoresDiffer:
      'These scores come from different slices and do not compare; rest on one to see which.',
    trainAction: 'Train from labels…',
    lastTraining: 'Last training',
    trainingNow: 'Training',
    steps: (steps: number) => plural(steps, 'step', 'steps'),
    stepOf: (step: number, total: number) => `step ${formatCount(step)} of ${formatCount(total)}`,
    trainingEmpty: 'After a training, its loss curve and what it saw are shown here.',
    feature: 'feature',
    target: 'target',
    prediction: 'prediction',
    pictureAlt: (picture: string, step: number) => `${picture} at step ${formatCount(step)}`,
    loss: 'training loss',
    validation: 'validation loss',
    chart: (first: number, last: number) =>
      `Loss curve, from ${first.toFixed(3)} to ${last.toFixed(3)}`,
  },

  scrubber: {
    label: 'Slice',
    of: (depth: number) => `of ${String(depth)}`,
    slice: (slice: number, percent: number, predicted: 'yes' | 'old' | 'no') =>
      `Slice ${String(slice)}: ${formatPercent(percent)} reviewed${
        { yes: ', predicted', old: ', predicted by an earlier model version', no: '' }[predicted]
      }`,
  },

  status: {
    label: 'Status',
    slice: (slice: number, depth: number) => `slice ${String(slice)} of ${String(depth)}`,
    x: 'x',
    y: 'y',
    raw: 'raw',
    probability: 'p',
    earlierProbability: 'earlier p',
    labelled: 'label',
    cell: 'cell',
    point: (x: number, y: number) => `${formatLength(x)}, ${formatLength(y)}`,
    painted: (name: string) => `${name}, painted`,
    confirmed: (name: string) => `${name}, confirmed`,
    untouched: 'untouched',
    unreadable: (count: number) => `${plural(count, 'part', 'parts')} can’t be read`,
    noTissue: 'no tissue here',
    lost: {
      missing: 'no data here: not in the file',
      truncated: 'no data here: the file ends before it',
      corrupt: 'no data here: damaged in the file',
    },
    noPointer: 'Move over the slice to read values',
    keys: {
      rightDrag: 'Right-drag',
      erase: { interior: 'erase to interior', prediction: 'erase to the prediction' },
      size: 'size',
      straight: 'straight line',
      pan: 'pan',
      confirmSlice: 'confirm slice',
      confirmRegion: 'confirm region',
      outline: 'outline',
      slices: 'change slice',
      zoom: 'zoom',
      wheel: 'Wheel',
      drag: 'Drag',
      click: 'Click',
      rectangle: 'rectangle',
      fill: 'fill',
      corner: 'set corner',
      select: 'select',
      tolerance: 'tolerance',
      leg: 'go on from here',
      closeGap: 'close the gap',
      onlyRegion: 'only a region',
      amount: 'amount',
      confirm: 'confirm',
      unreview: 'un-review',
      apply: 'apply',
      drop: 'drop',
      back: 'take back',
      label: 'class',
      pick: 'pick label',
      abort: 'drop this stroke',
      space: 'Space',
      ctrl: 'Ctrl',
      shift: 'Shift',
      enter: 'Enter',
      escape: 'Esc',
      tenSlices: 'ten slices',
      resize: 'brush size',
      wholeStack: 'segment all',
    },
  },
} as const;
