import { fits, type Chord, type KeyPress } from './chord';
import type { CommandId } from './command';

export interface Binding {
  readonly chord: Chord;
  readonly command: CommandId;
}

const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Our shortcuts, which presets and the user change; the first of a command is the one that tooltips show. */
export const keymap: readonly Binding[] = [
  { chord: { key: 'o', ctrl: true }, command: 'file.open' },
  { chord: { key: 'o', ctrl: true, shift: true }, command: 'file.openProject' },
  { chord: { key: 'e', ctrl: true }, command: 'file.exportMask' },
  { chord: { key: 'w', ctrl: true }, command: 'file.close' },
  { chord: { key: 's', ctrl: true }, command: 'file.save' },
  { chord: { key: 'z', ctrl: true }, command: 'edit.undo' },
  { chord: { key: 'z', ctrl: true, shift: true }, command: 'edit.redo' },
  { chord: { key: 'y', ctrl: true }, command: 'edit.redo' },

  { chord: { key: 'b' }, command: 'tool.brush' },
  { chord: { key: 'e' }, command: 'tool.eraser' },
  { chord: { key: 'e', shift: true }, command: 'brush.nextEraseTo' },
  { chord: { key: 'i' }, command: 'tool.pick' },
  { chord: { key: 'x' }, command: 'brush.swap' },
  { chord: { key: 'f' }, command: 'tool.fill' },
  { chord: { key: 'l' }, command: 'tool.lasso' },
  { chord: { key: 'l', shift: true }, command: 'tool.polygon' },
  { chord: { key: 'w' }, command: 'tool.wand' },
  { chord: { key: 't' }, command: 'tool.follower' },
  { chord: { key: 't', shift: true }, command: 'tool.gap' },
  { chord: { key: 'g' }, command: 'tool.adjust' },
  { chord: { key: 'f', shift: true }, command: 'adjust.fillHoles' },
  { chord: { key: 'r' }, command: 'review.confirmBrush' },
  { chord: { key: 'r', shift: true }, command: 'review.unreviewBrush' },
  { chord: { key: 'a' }, command: 'brush.nextOverwrite' },
  { chord: { key: 'v' }, command: 'slice.interpolate' },
  { chord: { key: 'v', shift: true }, command: 'slice.copyToNext' },
  { chord: { key: 'v', alt: true }, command: 'slice.copyToPrevious' },
  { chord: { key: 'ArrowLeft' }, command: 'cursor.left' },
  { chord: { key: 'ArrowRight' }, command: 'cursor.right' },
  { chord: { key: 'ArrowUp' }, command: 'cursor.up' },
  { chord: { key: 'ArrowDown' }, command: 'cursor.down' },
  { chord: { key: 'ArrowLeft', shift: true }, command: 'cursor.farLeft' },
  { chord: { key: 'ArrowRight', shift: true }, command: 'cursor.farRight' },
  { chord: { key: 'ArrowUp', shift: true }, command: 'cursor.farUp' },
  { chord: { key: 'ArrowDown', shift: true }, command: 'cursor.farDown' },
  { chord: { key: 'd' }, command: 'cursor.press' },
  { chord: { key: 'd', shift: true }, command: 'cursor.pressStraight' },
  { chord: { code: 'BracketLeft' }, command: 'brush.smaller' },
  { chord: { code: 'BracketRight' }, command: 'brush.larger' },
  ...digits.flatMap((digit): Binding[] => [
    { chord: { code: `Digit${String(digit)}` }, command: `label.${digit}` },
    { chord: { code: `Numpad${String(digit)}` }, command: `label.${digit}` },
  ]),

  { chord: { code: 'Digit0' }, command: 'label.void' },
  { chord: { key: 'n' }, command: 'label.new' },
  { chord: { code: 'Period', shift: true }, command: 'label.next' },
  { chord: { code: 'IntlBackslash', shift: true }, command: 'label.next' },
  { chord: { code: 'Comma', shift: true }, command: 'label.previous' },
  { chord: { code: 'IntlBackslash' }, command: 'label.previous' },
  { chord: { key: 'k' }, command: 'label.lock' },

  { chord: { key: 'PageDown' }, command: 'slice.next' },
  { chord: { code: 'Period' }, command: 'slice.next' },
  { chord: { key: 'PageUp' }, command: 'slice.previous' },
  { chord: { code: 'Comma' }, command: 'slice.previous' },
  { chord: { key: 'PageDown', shift: true }, command: 'slice.forwardTen' },
  { chord: { key: 'PageUp', shift: true }, command: 'slice.backTen' },
  { chord: { key: 'Home' }, command: 'slice.first' },
  { chord: { key: 'End' }, command: 'slice.last' },
  { chord: { key: 'z' }, command: 'view.nextPlane' },
  { chord: { key: 'z', shift: true }, command: 'view.fourPanes' },
  { chord: { code: 'Digit0', ctrl: true }, command: 'view.fit' },
  { chord: { code: 'Digit1', ctrl: true }, command: 'view.actualSize' },
  { chord: { code: 'Equal', ctrl: true }, command: 'view.zoomIn' },
  { chord: { code: 'Equal', ctrl: true, shift: true }, command: 'view.zoomIn' },
  { chord: { code: 'Minus', ctrl: true }, command: 'view.zoomOut' },

  { chord: { key: 'm' }, command: 'view.toggleMask' },
  { chord: { key: 'p' }, command: 'view.togglePrediction' },
  { chord: { key: 'u' }, command: 'view.toggleUncertainty' },
  { chord: { key: 'o' }, command: 'view.contour' },
  { chord: { key: 'm', shift: true }, command: 'view.minimap' },
  { chord: { key: 'h' }, command: 'view.hideOverlays' },
  { chord: { code: 'Semicolon' }, command: 'view.overlayFainter' },
  { chord: { code: 'Quote' }, command: 'view.overlayStronger' },
  { chord: { key: 'c' }, command: 'view.autoContrast' },

  { chord: { key: 's' }, command: 'model.segmentSlice' },
  { chord: { key: 's', shift: true }, command: 'model.segmentStack' },
  { chord: { key: 't', ctrl: true }, command: 'model.retrain' },
  { chord: { key: 'p', shift: true }, command: 'model.timeline' },
  { chord: { key: 'c', shift: true }, command: 'model.swipe' },
  { chord: { key: 'h', shift: true }, command: 'model.whichChanged' },
  { chord: { key: 'Enter' }, command: 'review.confirmRegion' },
  { chord: { key: 'Enter', shift: true }, command: 'review.confirmSlice' },

  { chord: { key: 'j' }, command: 'queue.next' },
  { chord: { key: 'j', shift: true }, command: 'queue.previous' },
  { chord: { key: 'y' }, command: 'queue.right' },
  { chord: { key: 'q' }, command: 'queue.wrong' },
  { chord: { key: 'j', ctrl: true }, command: 'changes.next' },
  { chord: { key: 'j', ctrl: true, shift: true }, command: 'changes.previous' },
  { chord: { key: 'k', shift: true }, command: 'changes.keep' },

  { chord: { key: 'n', shift: true }, command: 'audit.next' },
  { chord: { key: 'b', shift: true }, command: 'audit.previous' },
  { chord: { key: 'g', shift: true }, command: 'audit.right' },
  { chord: { key: 'w', shift: true }, command: 'audit.merged' },
  { chord: { key: 'x', shift: true }, command: 'audit.split' },
  { chord: { key: 'u', shift: true }, command: 'audit.skip' },
  { chord: { key: 'j', alt: true }, command: 'accuracy.next' },
  { chord: { key: 'j', shift: true, alt: true }, command: 'accuracy.previous' },

  { chord: { key: '?' }, command: 'help.shortcuts' },
  { chord: { key: 'k', ctrl: true }, command: 'app.palette' },
  { chord: { code: 'Comma', ctrl: true }, command: 'app.settings' },
  { chord: { key: 'Escape' }, command: 'app.escape' },
];

/** The command of a key press, or null. Alt belongs to the tools and, with Ctrl, to AltGr; few chords ask for it. */
export function commandFor(
  press: KeyPress,
  bindings: readonly Binding[] = keymap,
): CommandId | null {
  return bindings.find((binding) => fits(binding.chord, press))?.command ?? null;
}
