import type { Preset } from './preset';

/**
 * The keys of napari's labels layer: digits choose tools (1 eraser, 2 paint,
 * 3 fill, 4 pick, 5 pan), M makes a label, minus and equals step through the
 * labels, V shows and hides. Its arrow keys stay with the keyboard cursor
 * here, and Ctrl+R with nobody: a habit from browsers must not lose the view.
 */
export const napari: Preset = {
  'tool.eraser': ['Digit1', 'E'],
  'tool.brush': ['Digit2', 'B'],
  'tool.fill': ['Digit3', 'F'],
  'tool.pick': ['Digit4', 'I'],
  'tool.pan': ['Digit5'],
  'label.1': ['Shift+Digit1', 'Numpad1'],
  'label.2': ['Shift+Digit2', 'Numpad2'],
  'label.3': ['Shift+Digit3', 'Numpad3'],
  'label.4': ['Shift+Digit4', 'Numpad4'],
  'label.5': ['Shift+Digit5', 'Numpad5'],
  'label.new': ['M'],
  'label.previous': ['Minus', 'Shift+Comma'],
  'label.next': ['Equal', 'Shift+Period'],
  'view.toggleMask': ['V'],
  'slice.interpolate': ['Y'],
  'queue.right': ['Shift+Y'],
};
