import { plural } from './format';

/** Text of the command palette. */
export const paletteStrings = {
  title: 'Commands',
  search: 'Type what you want to do',
  found: (count: number) =>
    count === 0 ? 'No command has these letters.' : plural(count, 'command', 'commands'),
  hold: (keys: string) => (keys === '' ? 'Give it a key, and hold that.' : `Hold ${keys}.`),
} as const;
