import type { KeySettings } from '#contract/entities';
import { commandTitles } from '../strings/command-titles';
import { chordText, parseChord, type Chord } from './chord';
import type { CommandId } from './command';
import { keymap, type Binding } from './keymap';
import { ilastik } from './presets/ilastik';
import { napari } from './presets/napari';
import type { Preset } from './presets/preset';

export type PresetName = KeySettings['preset'];

/** The keymaps that hands may bring along; ours is the ground that the others change. */
export const presets: Readonly<Record<PresetName, Preset>> = { membrana: {}, napari, ilastik };

function isCommand(id: string): id is CommandId {
  return Object.hasOwn(commandTitles, id);
}

/** A layer over bindings: its commands have its keys and no other, and those keys do nothing else. */
function layered(
  below: readonly Binding[],
  layer: Readonly<Record<string, readonly string[] | undefined>>,
): readonly Binding[] {
  const above = Object.entries(layer).flatMap(([command, texts = []]) =>
    isCommand(command) ? texts.map((text) => ({ chord: parseChord(text), command })) : [],
  );
  const taken = new Set(above.map(({ chord }) => chordText(chord)));
  const kept = below.filter(
    ({ chord, command }) => layer[command] === undefined && !taken.has(chordText(chord)),
  );
  return [...kept, ...above];
}

const presetKeymap = (preset: PresetName): readonly Binding[] => layered(keymap, presets[preset]);

/** Preset and changes together; every key does one thing. Commands that this version does not know are passed over. */
export function effectiveKeymap({ preset, changes }: KeySettings): readonly Binding[] {
  return layered(presetKeymap(preset), changes);
}

/** The keys of a command, the first of them the one that is shown. */
export function chordsOf(bindings: readonly Binding[], command: CommandId): readonly Chord[] {
  return bindings.filter((binding) => binding.command === command).map(({ chord }) => chord);
}

/** Which command has a key; null = it is free. */
export function holderOf(bindings: readonly Binding[], chord: Chord): CommandId | null {
  const text = chordText(chord);
  return bindings.find((binding) => chordText(binding.chord) === text)?.command ?? null;
}

const textsOf = (bindings: readonly Binding[], command: CommandId): string[] =>
  chordsOf(bindings, command).map(chordText);

/** Settings in which the commands have the given keys; what equals the preset is no change. */
function changed(
  settings: KeySettings,
  keys: Readonly<Partial<Record<CommandId, readonly string[]>>>,
): KeySettings {
  const preset = presetKeymap(settings.preset);
  const entries = Object.entries({ ...settings.changes, ...keys }).filter(
    ([command, texts]) =>
      !isCommand(command) || texts.join(' ') !== textsOf(preset, command).join(' '),
  );
  return {
    ...settings,
    changes: Object.fromEntries(entries.map(([id, texts]) => [id, [...texts]])),
  };
}

/**
 * Gives a command a key in place of its first one. A command that has the key
 * gets the first key of this one for it, or none where this one had none.
 */
export function assignChord(settings: KeySettings, command: CommandId, chord: Chord): KeySettings {
  const bindings = effectiveKeymap(settings);
  const text = chordText(chord);
  const mine = textsOf(bindings, command);
  const holder = holderOf(bindings, chord);
  const others = mine.slice(1).filter((each) => each !== text);
  if (holder === null || holder === command)
    return changed(settings, { [command]: [text, ...others] });
  const [given] = mine;
  const theirs = textsOf(bindings, holder).flatMap((each) =>
    each !== text ? [each] : given === undefined ? [] : [given],
  );
  return changed(settings, { [command]: [text, ...others], [holder]: theirs });
}

/** Takes a command's keys away. */
export function clearChords(settings: KeySettings, command: CommandId): KeySettings {
  return changed(settings, { [command]: [] });
}

/** A command as the preset has it; others that hold its keys by a change of their own give them up. */
export function resetChords(settings: KeySettings, command: CommandId): KeySettings {
  const wanted = new Set(textsOf(presetKeymap(settings.preset), command));
  const entries = Object.entries(settings.changes).flatMap(([id, texts]) =>
    id === command ? [] : [[id, texts.filter((text) => !wanted.has(text))] as const],
  );
  return changed({ ...settings, changes: {} }, Object.fromEntries(entries));
}
