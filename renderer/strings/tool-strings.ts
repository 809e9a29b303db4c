import { formatCount, formatDecimal, formatLength, formatProbability, plural } from './format';

/** Tools, their options, and what they say. */
export const toolStrings = {
  rail: 'Tools',
  brush: 'Brush',
  eraser: 'Eraser',
  fill: 'Fill',
  lasso: 'Lasso',
  polygon: 'Polygon',
  wand: 'Wand',
  follower: 'Follow membrane',
  gap: 'Close gap',
  adjust: 'Adjust class',
  'confirm-region': 'Confirm region',
  'confirm-brush': 'Confirm brush',
  'unreview-region': 'Un-review region',
  'unreview-brush': 'Un-review brush',
  pick: 'Pick label',
  pan: 'Pan',
  options: 'Tool options',
  more: (count: number) => plural(count, 'more option', 'more options'),
  size: 'Size',
  sizePixels: (pixels: number) => `${formatDecimal(pixels, pixels < 10 ? 1 : 0)} px`,
  sizeLength: formatLength,
  classes: 'Paint as',
  family: { lasso: 'Shape', follow: 'Line', review: 'Review' },
  familyShort: {
    lasso: 'Lasso',
    polygon: 'Polygon',
    follower: 'Follow membrane',
    gap: 'Close gap',
    'confirm-region': 'Confirm region',
    'confirm-brush': 'Confirm brush',
    'unreview-region': 'Un-review region',
    'unreview-brush': 'Un-review brush',
  },
  acceptSlice: 'Accept prediction of slice',
  overwrite: 'Paints over',
  overwriteAll: 'everything',
  overwriteUntouched: 'only untouched',
  overwriteClass: (name: string) => `only ${name}`,
  erases: 'What',
  erasesAll: 'everything',
  erasesUntouched: 'only what is predicted',
  erasesClass: (name: string) => `only ${name}`,
  eraseTo: 'Erase',
  eraseToModes: { interior: 'to interior', prediction: 'back to the prediction' },
  eraseToHelp: {
    interior:
      'Membrane, predicted or painted, becomes painted interior, which the model can learn. Void and your own classes come off.',
    prediction: 'What you painted or confirmed comes off, and the prediction shows again.',
  },
  eraseToChosen: {
    interior: 'Erasing paints interior over membrane.',
    prediction: 'Erasing takes labels away; the prediction shows again.',
  },
  gate: 'Only where p is',
  gateHelp: 'The brush paints only where the membrane probability lies between these two',
  gateOff: 'By probability',
  gateMin: 'Least probability',
  gateMax: 'Greatest probability',
  gateRange: (min: number, max: number) => `${formatProbability(min)} – ${formatProbability(max)}`,
  pen: 'Pen pressure',
  penHelp: 'A pen that is pressed less paints thinner',
  tolerance: 'Tolerance',
  toleranceValue: (tolerance: number) => formatCount(tolerance),
  adjustment: 'Adjustment',
  adjustments: {
    grow: 'Grow',
    shrink: 'Shrink',
    smooth: 'Smooth',
    'remove-specks': 'Specks',
    'fill-holes': 'Holes',
  },
  adjustmentHelp: {
    grow: 'Widens the class on all sides',
    shrink: 'Narrows the class on all sides; interior takes its place',
    smooth: 'Rounds off what is rough',
    'remove-specks': 'Takes away pieces of at most so many pixels',
    'fill-holes': 'Fills what the class encloses, up to so many pixels',
  },
  amount: 'Amount',
  amountRadius: (pixels: number) => `${formatCount(pixels)} px`,
  amountArea: (pixels: number) => `up to ${formatCount(pixels)} px`,
  apply: 'Apply',
  drop: 'Cancel',
  proposals: {
    interpolate: (first: number, last: number) =>
      first === last
        ? `Interpolate slice ${String(first + 1)}`
        : `Interpolate slices ${String(first + 1)}–${String(last + 1)}`,
    copy: (from: number, to: number) => `Copy from slice ${String(from + 1)} to ${String(to + 1)}`,
  },
  why: {
    nothingChanged:
      'Nothing to change there: it is so already, or locked, or not to be painted over.',
    nothingToErase:
      'Nothing to erase there: no membrane and no class on top, or it is locked or left out by “What”.',
    nothingPredictedToErase:
      'Nothing to erase there: nobody has painted, and the slice has no prediction. Press S to segment it.',
    noLabelToErase:
      'Nobody has painted there. To erase what the model predicts, set “Erase” to “to interior” (Shift+E).',
    areaCut: 'This ends where the part in view does: move on and go on from there.',
    noGap:
      'No gap to close there. Press nearer to the end of a membrane: the way to the next wall shows first.',
    nothingBetween:
      'There is no slice between two that carry this class. Paint it on a slice further on, then interpolate.',
    nothingToCopy: 'Nobody has painted this class on this slice, or there is no slice beyond.',
  },
  hint: {
    eraser: {
      interior: 'Membrane becomes interior; void and your own classes come off.',
      prediction: 'Your labels come off; the prediction shows again.',
      unpredicted: 'No prediction here yet: what you painted can be erased, nothing else.',
    },
    gap: 'Near a broken end the way to the next wall shows: click to paint it.',
    'confirm-region':
      'Drag around an area where the mask is right, then press Enter. The model learns from it.',
    'confirm-brush': 'Brush over what is right as shown. The model learns from it.',
    'unreview-region':
      'Drag around confirmed pixels, then press Enter. What you painted stays; what was confirmed is open again.',
    'unreview-brush': 'Brush over confirmed pixels to open them again. What you painted stays.',
    pick: 'Click a pixel to paint with its label.',
    pan: 'Drag to move. Hold Space to pan with any tool.',
  },
  zoom: 'Zoom',
  zoomLevel: (scale: number) => `${formatDecimal(scale * 100, scale < 0.1 ? 1 : 0)} %`,
  fit: 'Fit slice',
  hidden: 'Overlays hidden',
} as const;
