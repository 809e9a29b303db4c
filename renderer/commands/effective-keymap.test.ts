import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { menuCommands, MenuKeys } from '#contract/events';
import type { KeySettings } from '#contract/entities';
import { commandTitles } from '../strings/command-titles';
import { chordText, parseChord } from './chord';
import type { CommandId } from './command';
import {
  assignChord,
  chordsOf,
  clearChords,
  effectiveKeymap,
  holderOf,
  presets,
  resetChords,
  type PresetName,
} from './effective-keymap';
import { commandFor, keymap } from './keymap';
import { menuKeys } from './menu-keys';

const ours: KeySettings = { preset: 'membrana', changes: {} };
const presetNames = Object.keys(presets) as PresetName[];
const commands = Object.keys(commandTitles) as CommandId[];
const keysOf = (settings: KeySettings, command: CommandId): string[] =>
  chordsOf(effectiveKeymap(settings), command).map(chordText);
const press = (key: string, code = '') => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
});

describe('the keys in force', () => {
  it('are ours as long as nobody changes them', () => {
    expect(effectiveKeymap(ours)).toEqual(keymap);
  });

  it.each(presetNames)('of %s do one thing each', (preset) => {
    const texts = effectiveKeymap({ preset, changes: {} }).map(({ chord }) => chordText(chord));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('follow the hands of napari and ilastik', () => {
    const napari = effectiveKeymap({ preset: 'napari', changes: {} });
    expect(commandFor(press('2', 'Digit2'), napari)).toBe('tool.brush');
    expect(commandFor(press('1', 'Digit1'), napari)).toBe('tool.eraser');
    const ilastik = effectiveKeymap({ preset: 'ilastik', changes: {} });
    expect(commandFor(press(',', 'Comma'), ilastik)).toBe('brush.smaller');
    expect(commandFor(press('s'), ilastik)).toBe('view.toggleMask');
    expect(commandFor(press('l'), ilastik)).toBe('model.segmentSlice');
  });

  it('keep every command reachable that our keymap reaches', () => {
    const reached = (preset: PresetName): Set<CommandId> =>
      new Set(effectiveKeymap({ preset, changes: {} }).map(({ command }) => command));
    for (const preset of presetNames)
      expect(
        [...reached('membrana')].filter((id) => !reached(preset).has(id)),
        preset,
      ).toEqual([]);
  });

  it('pass over a command that this version does not know', () => {
    const changes = { 'tool.teleport': ['B'], 'tool.brush': ['P'] };
    const bindings = effectiveKeymap({ preset: 'membrana', changes });
    expect(holderOf(bindings, { key: 'p' })).toBe('tool.brush');
    expect(holderOf(bindings, { key: 'b' })).toBeNull();
  });
});

describe('changing a shortcut', () => {
  it('gives a free key', () => {
    const settings = assignChord(ours, 'tool.brush', parseChord('Shift+I'));
    expect(keysOf(settings, 'tool.brush')).toEqual(['Shift+I']);
    expect(commandFor(press('b'), effectiveKeymap(settings))).toBeNull();
  });

  it('keeps the second key of a command', () => {
    expect(keysOf(assignChord(ours, 'edit.redo', parseChord('Ctrl+U')), 'edit.redo')).toEqual([
      'Ctrl+U',
      'Ctrl+Y',
    ]);
  });

  it('swaps with the command that has the key', () => {
    const settings = assignChord(ours, 'tool.brush', parseChord('E'));
    expect(keysOf(settings, 'tool.brush')).toEqual(['E']);
    expect(keysOf(settings, 'tool.eraser')).toEqual(['B']);
  });

  it('leaves the other without one where there is nothing to give', () => {
    const settings = assignChord(ours, 'tool.pan', parseChord('E'));
    expect(keysOf(settings, 'tool.pan')).toEqual(['E']);
    expect(keysOf(settings, 'tool.eraser')).toEqual([]);
  });

  it('back to what it was is no change any more', () => {
    const there = assignChord(ours, 'tool.brush', parseChord('E'));
    expect(assignChord(there, 'tool.brush', parseChord('B'))).toEqual(ours);
  });

  it('is taken back for one command, which gets its key from whoever has it', () => {
    const settings = resetChords(assignChord(ours, 'tool.brush', parseChord('E')), 'tool.brush');
    expect(keysOf(settings, 'tool.brush')).toEqual(['B']);
    expect(keysOf(settings, 'tool.eraser')).toEqual([]);
    expect(resetChords(settings, 'tool.eraser')).toEqual(ours);
  });

  it('never gives a key to two commands, and resetting each brings the preset back', () => {
    const change = fc.record({
      kind: fc.constantFrom('assign', 'clear', 'reset'),
      command: fc.constantFrom(...commands),
      text: fc.constantFrom('Q', 'B', 'E', 'Ctrl+U', 'Ctrl+Z', 'PageDown', 'Digit1', 'Shift+S'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...presetNames), fc.array(change), (preset, steps) => {
        let settings: KeySettings = { preset, changes: {} };
        for (const { kind, command, text } of steps) {
          if (kind === 'assign') settings = assignChord(settings, command, parseChord(text));
          else if (kind === 'clear') settings = clearChords(settings, command);
          else settings = resetChords(settings, command);
          const texts = effectiveKeymap(settings).map(({ chord }) => chordText(chord));
          expect(new Set(texts).size).toBe(texts.length);
          if (kind === 'assign') expect(keysOf(settings, command)[0]).toBe(text);
          if (kind === 'clear') expect(keysOf(settings, command)).toEqual([]);
        }
        for (const command of commands) settings = resetChords(settings, command);
        expect(settings).toEqual({ preset, changes: {} });
      }),
      { seed: 2026 },
    );
  });
});

it('the menu gets the first key of each of its commands, in texts that the door takes', () => {
  const keys = menuKeys(effectiveKeymap(assignChord(ours, 'edit.undo', parseChord('Ctrl+U'))));
  expect(MenuKeys.parse(keys)).toEqual(keys);
  expect(keys['edit.undo']).toBe('Ctrl+U');
  expect(keys['help.shortcuts']).toBe('?');
  expect(Object.keys(keys).length).toBeLessThan(menuCommands.length);
});
