import { chordKeys } from '../../commands/chord';
import type { CommandId } from '../../commands/command';
import { chordsOf } from '../../commands/effective-keymap';
import type { Binding } from '../../commands/keymap';
import { commandTitles } from '../../strings/command-titles';
import { shortcutStrings } from '../../strings/shortcut-strings';

type GroupName = 'tools' | 'cursor' | 'loop' | 'slices' | 'layers' | 'general';

/** The first rule that fits an id says where the command is listed. */
const rules: readonly (readonly [RegExp, GroupName])[] = [
  [/^(tool|brush|label|class|adjust)\.|^slice\.(interpolate|copy)/, 'tools'],
  [/^cursor\./, 'cursor'],
  [/^(model|review|queue|changes|audit|accuracy)\./, 'loop'],
  [/^slice\.|^view\.(fit|actualSize|zoom|nextPlane|fourPanes|plane)/, 'slices'],
  [/^view\.theme/, 'general'],
  [/^(view|truth)\./, 'layers'],
  [/./, 'general'],
];
const order = ['tools', 'loop', 'slices', 'layers', 'general', 'cursor'] as const;

const groupOf = (command: string): GroupName =>
  rules.find(([pattern]) => pattern.test(command))?.[1] ?? 'general';

const commandIds = Object.keys(commandTitles).filter((id): id is CommandId =>
  Object.hasOwn(commandTitles, id),
);

/** A command with all its keys, as caps. */
export interface ShortcutRow {
  readonly command: CommandId;
  readonly title: string;
  readonly keys: readonly (readonly string[])[];
}

export interface ShortcutGroup {
  readonly name: GroupName;
  readonly rows: readonly ShortcutRow[];
}

/** Ctrl + and Ctrl Shift + are one key to the eye, and so are a digit and that of the pad. */
function distinct(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return keys.filter(
    (each, index) => keys.findIndex((other) => other.at(-1) === each.at(-1)) === index,
  );
}

/** A text is searched by its words and by its keys: `undo`, `ctrl z`. */
export function answers(
  query: string,
  title: string,
  keys: readonly (readonly string[])[],
): boolean {
  const wanted = query.toLowerCase().trim();
  const spelled = keys.map((caps) => caps.join(' ').toLowerCase());
  return (
    wanted === '' ||
    title.toLowerCase().includes(wanted) ||
    spelled.some((each) => each === wanted.replaceAll(/\s*\+\s*(?=\S)/g, ' '))
  );
}

/** Commands by group, with the keys in force; `bound` leaves out those without a key. */
export function shortcutGroups(
  bindings: readonly Binding[],
  options: { readonly mac: boolean; readonly query: string; readonly which: 'bound' | 'all' },
): readonly ShortcutGroup[] {
  const rows = commandIds
    .map((command): ShortcutRow => {
      const keys = chordsOf(bindings, command).map((chord) => chordKeys(chord, options.mac));
      return { command, title: commandTitles[command].replace('…', ''), keys: distinct(keys) };
    })
    .filter(({ keys }) => options.which === 'all' || keys.length > 0)
    .filter(({ title, keys }) => answers(options.query, title, keys));
  return order
    .map((name) => ({ name, rows: rows.filter(({ command }) => groupOf(command) === name) }))
    .filter((group) => group.rows.length > 0);
}

/** What the mouse does, fixed. */
export const mouseRows = (query: string): readonly (typeof shortcutStrings.mouse)[number][] =>
  shortcutStrings.mouse.filter(({ text, keys }) => answers(query, text, [keys]));
