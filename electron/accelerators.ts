const places: Readonly<Record<string, string>> = {
  BracketLeft: '[',
  BracketRight: ']',
  Period: '.',
  Comma: ',',
  Semicolon: ';',
  Quote: "'",
  Equal: 'Plus',
  Minus: '-',
  Slash: '/',
  Backslash: '\\',
  Backquote: '`',
};

function keyName(base: string): string | null {
  if (/^[A-Z]$/.test(base) || /^F\d+$/.test(base)) return base;
  const digit = /^(Digit|Numpad)(\d)$/.exec(base);
  if (digit) return digit[1] === 'Numpad' ? `num${digit[2] ?? ''}` : (digit[2] ?? null);
  if (/^Arrow(Up|Down|Left|Right)$/.test(base)) return base.slice('Arrow'.length);
  if (/^(Enter|Escape|PageUp|PageDown|Home|End|Insert|Delete|Backspace)$/.test(base)) return base;
  return places[base] ?? null;
}

/**
 * A chord of the keymap (`Ctrl+Shift+Z`, `BracketLeft`, `?`) as Electron's
 * menus name it; null where they have no name for the key, so that it is not shown.
 */
export function acceleratorOf(chord: string): string | null {
  if (chord === '?') return 'Shift+/';
  const parts = chord.split('+');
  const key = keyName(parts.at(-1) ?? '');
  if (key === null) return null;
  const ctrl = parts.includes('Ctrl') ? 'CmdOrCtrl+' : '';
  const alt = parts.includes('Alt') ? 'Alt+' : '';
  return `${ctrl}${alt}${parts.includes('Shift') ? 'Shift+' : ''}${key}`;
}
