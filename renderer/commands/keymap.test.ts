import { describe, expect, it } from 'vitest';
import { menuCommands } from '#contract/events';
import { commandTitles } from '../strings/command-titles';
import { chordKeys, type KeyPress } from './chord';
import { commandUnderFocus } from './dispatcher';
import { commandFor, keymap } from './keymap';
import { shortcutOf } from './keys-in-force.svelte';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  return { key, code: '', ...none, ...more };
}

describe('keys', () => {
  it.each([
    ['b', {}, 'tool.brush'],
    ['B', { shiftKey: false }, 'tool.brush'],
    ['s', {}, 'model.segmentSlice'],
    ['S', { shiftKey: true }, 'model.segmentStack'],
    ['t', { ctrlKey: true }, 'model.retrain'],
    ['z', {}, 'view.nextPlane'],
    ['z', { ctrlKey: true }, 'edit.undo'],
    ['Z', { ctrlKey: true, shiftKey: true }, 'edit.redo'],
    ['y', { ctrlKey: true }, 'edit.redo'],
    ['z', { metaKey: true }, 'edit.undo'],
    ['PageDown', { shiftKey: true }, 'slice.forwardTen'],
    ['Enter', {}, 'review.confirmRegion'],
    ['Enter', { shiftKey: true }, 'review.confirmSlice'],
    ['?', { shiftKey: true }, 'help.shortcuts'],
    ['s', { ctrlKey: true }, 'file.save'],
    ['f', {}, 'tool.fill'],
    ['F', { shiftKey: true }, 'adjust.fillHoles'],
    ['L', { shiftKey: true }, 'tool.polygon'],
    ['v', {}, 'slice.interpolate'],
    ['V', { shiftKey: true }, 'slice.copyToNext'],
    ['ArrowLeft', { shiftKey: true }, 'cursor.farLeft'],
    ['N', { shiftKey: true }, 'audit.next'],
    ['B', { shiftKey: true }, 'audit.previous'],
    ['G', { shiftKey: true }, 'audit.right'],
    ['W', { shiftKey: true }, 'audit.merged'],
    ['X', { shiftKey: true }, 'audit.split'],
    ['U', { shiftKey: true }, 'audit.skip'],
    ['T', { shiftKey: true }, 'tool.gap'],
    ['P', { shiftKey: true }, 'model.timeline'],
    ['C', { shiftKey: true }, 'model.swipe'],
    ['H', { shiftKey: true }, 'model.whichChanged'],
    ['j', {}, 'queue.next'],
    ['J', { shiftKey: true }, 'queue.previous'],
    ['y', {}, 'queue.right'],
    ['q', {}, 'queue.wrong'],
    ['k', { ctrlKey: true }, 'app.palette'],
  ] as const)('%s %o does %s', (key, modifiers, command) => {
    expect(commandFor(press(key, modifiers))).toBe(command);
  });

  it('find punctuation by its place: on a German keyboard [ is the key beside P', () => {
    expect(commandFor(press('ü', { code: 'BracketLeft' }))).toBe('brush.smaller');
    expect(commandFor(press('ö', { code: 'Semicolon' }))).toBe('view.overlayFainter');
    expect(commandFor(press('[', { code: 'Digit8', altKey: true, ctrlKey: true }))).toBeNull();
  });

  it('choose labels by digits on the row and on the pad, and 1:1 with Ctrl', () => {
    expect(commandFor(press('2', { code: 'Digit2' }))).toBe('label.2');
    expect(commandFor(press('2', { code: 'Numpad2' }))).toBe('label.2');
    expect(commandFor(press('1', { code: 'Digit1', ctrlKey: true }))).toBe('view.actualSize');
  });

  it('leave what the system keeps for itself alone', () => {
    expect(commandFor(press('r', { ctrlKey: true }))).toBeNull();
  });

  it('take Alt only where a chord asks for it, and never with Ctrl, which is AltGr', () => {
    const v = press('√', { code: 'KeyV', altKey: true });
    expect(commandFor(v)).toBe('slice.copyToPrevious');
    expect(commandFor({ ...v, ctrlKey: true })).toBeNull();
    expect(commandFor(press('b', { altKey: true }))).toBeNull();
    expect(shortcutOf('slice.copyToPrevious')).toEqual(['Alt', 'V']);
  });

  it('mean one thing each', () => {
    const chords = keymap.map(({ chord }) => JSON.stringify(chord));
    expect(new Set(chords).size).toBe(chords.length);
  });

  it('are shown as they are printed on the keys', () => {
    expect(shortcutOf('edit.redo')).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(shortcutOf('edit.redo', true)).toEqual(['⌘', '⇧', 'Z']);
    expect(chordKeys({ code: 'BracketRight' })).toEqual([']']);
    expect(shortcutOf('help.about')).toBeNull();
  });
});

describe('the focus', () => {
  it('keeps typing in a field from painting', () => {
    expect(commandUnderFocus(press('b'), 'text')).toBeNull();
    expect(commandUnderFocus(press('z', { ctrlKey: true }), 'text')).toBeNull();
  });

  it('leaves a slider its keys, and passes the others on', () => {
    expect(commandUnderFocus(press('PageDown'), 'slider')).toBeNull();
    expect(commandUnderFocus(press('b'), 'slider')).toBe('tool.brush');
  });

  it('lets Enter press a focused button instead of confirming', () => {
    expect(commandUnderFocus(press('Enter'), 'button')).toBeNull();
    expect(commandUnderFocus(press('Enter'), 'canvas')).toBe('review.confirmRegion');
  });

  it('does nothing behind a dialog', () => {
    expect(commandUnderFocus(press('Escape'), 'dialog')).toBeNull();
  });
});

it('every menu entry is a command of the window', () => {
  for (const command of menuCommands) expect(Object.keys(commandTitles)).toContain(command);
});
