import { menuCommands, type MenuKeys } from '#contract/events';
import type { Topics } from '../state/topics';
import { chordText } from './chord';
import { attempt } from './command';
import { chordsOf } from './effective-keymap';
import type { Binding } from './keymap';

/** The first key of every command that has a menu entry. */
export function menuKeys(bindings: readonly Binding[]): MenuKeys {
  const keys: MenuKeys = {};
  for (const command of menuCommands) {
    const [first] = chordsOf(bindings, command);
    if (first) keys[command] = chordText(first);
  }
  return keys;
}

/** The menu shows the keys that count; it hears of them whenever they change. */
export function tellMenuKeys(topics: Topics, bindings: readonly Binding[]): Promise<void> {
  return attempt(topics, async () => {
    await topics.client['menu.setKeys']({ keys: menuKeys(bindings) });
  });
}
