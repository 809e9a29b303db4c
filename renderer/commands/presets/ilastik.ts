import type { Preset } from './preset';

/**
 * The keys of ilastik's pixel classification: N is the navigation cursor,
 * A makes a label, comma and full stop size the brush, S shows the
 * segmentation and L predicts (ilastik: live prediction).
 */
export const ilastik: Preset = {
  'tool.pan': ['N'],
  'label.new': ['A'],
  'brush.nextOverwrite': ['Shift+A'],
  'brush.smaller': ['Comma', 'BracketLeft'],
  'brush.larger': ['Period', 'BracketRight'],
  'view.toggleMask': ['S', 'M'],
  'model.segmentSlice': ['L'],
  'model.segmentStack': ['Shift+L'],
  'tool.lasso': ['Q'],
  'queue.wrong': ['Shift+Y'],
  'tool.polygon': ['Shift+Q'],
};
