/** Names of undo steps, as the history keeps them and tooltips show them: “Undo: Fill”. */
export const stepNames = {
  brush: 'Brush',
  eraser: 'Eraser',
  fill: 'Fill',
  lasso: 'Lasso',
  polygon: 'Polygon',
  wand: 'Wand',
  follow: 'Follow membrane',
  gap: 'Close gap',
  interpolate: 'Interpolate',
  copy: 'Copy to slice',
  confirmBrush: 'Confirm brush',
  unreviewBrush: 'Un-review brush',
  unreviewRegion: 'Un-review region',
  adjust: {
    grow: 'Grow',
    shrink: 'Shrink',
    smooth: 'Smooth',
    'remove-specks': 'Remove specks',
    'fill-holes': 'Fill holes',
  },
} as const;
