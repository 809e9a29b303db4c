import type { ClassUse } from '#contract/entities';
import { formatCount, formatDecimal, formatDuration, formatLength, plural } from './format';

const pixelsOf = ({ pixels, slices }: ClassUse): string =>
  `${plural(pixels, 'pixel', 'pixels')} of ${plural(slices, 'slice', 'slices')}`;

/** Text of the bench: layers, classes, contrast, scrubber, minimap, status bar. */
export const benchStrings = {
  layers: {
    names: {
      prediction: 'Prediction',
      mask: 'Mask',
      cells: 'Cell ids',
      review: 'Review',
      uncertainty: 'Uncertainty',
      truth: 'Truth',
      raw: 'Raw',
    },
    help: {
      prediction: 'Membrane probability as the model gave it (P)',
      mask: 'Your labels where there are any, else the prediction as line width and gaps draw it (M)',
      cells:
        'Layers of cell ids, each cell in a colour of its own; which of them is chosen under Stacks and labels',
      review: 'Pixels you painted (tinted) or confirmed (hatched)',
      uncertainty:
        'Where the model can’t decide and nobody has looked yet: the hotter, the less it knows (U)',
      truth: 'A label stack opened beside yours to compare with; never trained on',
      raw: 'The microscope’s image',
    },
    solo: 'Alt+click: this layer alone',
    opacityHelp: 'Alt+wheel over the row changes it too',
    lock: (name: string) => `Lock ${name}`,
    unlock: (name: string) => `Unlock ${name}`,
    maskLocked: 'The mask is locked. Open its padlock in the layer panel to paint.',
    reviewLocked: 'The review is locked. Open its padlock in the layer panel to confirm.',
    needsPrediction: 'Segment to see it',
    contour: 'Outline',
    contourHelp: 'Draw the mask as its outline (O)',
    truthOpen: 'Open…',
    truthOpening: 'Reading…',
    truthClose: 'Close the truth',
    truthMembrane: 'Membrane value',
    truthAsk: 'Which value is membrane?',
    truthDifferences: 'Differences',
    truthDifferencesHelp: 'Show where mask and truth differ instead of the truth itself',
    truthExtra: 'mask only',
    truthMissing: 'truth only',
    truthOpened: (name: string) => `${name} is shown as truth.`,
  },
  classes: {
    title: 'Classes',
    void: 'void',
    voidHelp: 'Dirt, folds, anything that can’t be told: never trained on, never scored (0)',
    add: 'Add a class',
    take: (name: string) => `Paint ${name}`,
    rename: (name: string) => `Rename ${name}`,
    renameHelp: 'Double-click to rename',
    colour: (name: string) => `Colour of ${name}`,
    ownColour: 'Another colour',
    key: (name: string) => `Digit of ${name}`,
    noKey: '–',
    lock: (name: string) => `Lock ${name}`,
    unlock: (name: string) => `Unlock ${name}`,
    lockHelp: 'Nothing paints over a locked class (K)',
    remove: (name: string) => `Remove ${name}`,
    /** Short enough to leave room for the name beside it. */
    count: (pixels: number) => {
      if (pixels < 100_000) return formatCount(pixels);
      const thousands = Math.round(pixels / 1000);
      return thousands < 1000 ? `${String(thousands)} k` : `${formatDecimal(pixels / 1e6, 1)} M`;
    },
    countHelp: (pixels: number) => `${plural(pixels, 'pixel', 'pixels')} of this slice labelled so`,
    fresh: (id: number) => `class ${String(id)}`,
    full: 'There is no number left for another class.',
    noClassOnKey: (digit: number) => `No class is on ${String(digit)}.`,
    nameTaken: (name: string) => `There is a class ${name} already.`,
    used: {
      shown: (name: string, use: ClassUse) =>
        `${name} is on ${pixelsOf(use)}. Paint over them or erase them, then remove it.`,
      other: (name: string, use: ClassUse) =>
        `${name} is on ${pixelsOf(use)} in the layer ${use.layer} of ${use.stack}. Choose that layer and erase them, then remove it.`,
      removed: (name: string, use: ClassUse) =>
        `${name} is on ${pixelsOf(use)} in ${use.layer} of ${use.stack}, which was removed and can come back. It stays, so that what was painted there stays what it is.`,
    },
    nowLocked: (name: string) => `${name} is locked: nothing paints over it.`,
    nowUnlocked: (name: string) => `${name} is unlocked.`,
    steps: {
      add: 'Add class',
      rename: 'Rename class',
      recolour: 'Recolour class',
      rekey: 'Change class digit',
      lock: 'Lock class',
      unlock: 'Unlock class',
      remove: 'Remove class',
      move: 'Move class',
    },
  },
  contrast: {
    title: 'Contrast',
    black: 'Black',
    white: 'White',
    gamma: 'Gamma',
    gammaHelp: 'Above 1 lifts the dark parts',
    gammaValue: (gamma: number) => formatDecimal(gamma),
    invert: 'Invert',
    invertHelp: 'Swap black and white',
    auto: 'Auto',
    autoHelp: 'Choose black and white for each slice (C)',
    reset: 'Reset',
    resetHelp: 'Auto, gamma 1, not inverted',
  },
  scrubber: {
    reviewed: (slices: number) => {
      const shown = slices > 0 && slices < 0.1 ? 'under 0.1' : formatDecimal(slices, 1);
      return `reviewed ${shown} ${shown === '1' || shown === 'under 0.1' ? 'slice' : 'slices'}`;
    },
    left: (slices: number) => `${formatDecimal(slices, 1)} to go`,
    time: (seconds: number) =>
      `about ${formatDuration(Math.max(60, Math.round(seconds / 60) * 60))} to go`,
    done: 'all reviewed',
    predicted: (slices: number, old: number) =>
      `${formatCount(slices)} predicted by the model version in use (blue)${
        old === 0 ? '' : `, ${formatCount(old)} by an earlier one (half a bar)`
      }`,
    old: (slices: number) => `${formatCount(slices)} old`,
    nothing: 'Segment to see predictions here; review fills the bars',
  },
  minimap: {
    label: 'Map of the slice: drag, or use the arrow keys, to move the view',
    hide: 'Hide the map',
  },
  scale: {
    bar: (nanometres: number) => `Scale bar: ${formatLength(nanometres)}`,
    length: formatLength,
  },
  status: {
    saved: 'saved',
    saving: (count: number) => `saving ${formatCount(count)}`,
    aside: (count: number) => `kept aside: ${formatCount(count)}`,
    notSaved: (count: number) => `not saved: ${formatCount(count)}`,
    readOnly: 'read only',
  },
} as const;
