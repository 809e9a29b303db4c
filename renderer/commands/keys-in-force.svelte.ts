import type { KeySettings } from '#contract/entities';
import { chordKeys } from './chord';
import type { CommandId } from './command';
import { chordsOf, effectiveKeymap } from './effective-keymap';

/**
 * The shortcuts of this window. One window has one keyboard: this is the one
 * thing that components reach without being handed it, so that every tooltip
 * tells the keys that count right now.
 */
class KeysInForce {
  settings = $state.raw<KeySettings>({ preset: 'membrana', changes: {} });
  readonly bindings = $derived.by(() => effectiveKeymap(this.settings));
}

export const keysInForce = new KeysInForce();

/** The caps of a command's first shortcut; null when it has none. */
export function shortcutOf(command: CommandId, mac = false): string[] | null {
  const [first] = chordsOf(keysInForce.bindings, command);
  return first ? chordKeys(first, mac) : null;
}
