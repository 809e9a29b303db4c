/**
 * A key with its modifiers. Letters go by the character, so that they stay
 * where the layout puts them; digits and punctuation by their place on the
 * keyboard, since other layouts need AltGr for them. `ctrl` is Cmd on a Mac.
 */
export interface Chord {
  readonly key?: string;
  readonly code?: string;
  readonly ctrl?: boolean;
  readonly shift?: boolean;
  /** Letters only, and those by their place: Option + V writes √. With Ctrl it is AltGr and no chord. */
  readonly alt?: boolean;
}

/** The part of a KeyboardEvent that decides. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Keys that are known by their place: `KeyboardEvent.code` names. */
const placed =
  /^(Digit\d|Numpad[A-Z0-9]\w*|Bracket(Left|Right)|Period|Comma|Semicolon|Quote|Equal|Minus|Slash|Backslash|Backquote|IntlBackslash)$/;

/** A press answers to a chord. */
export function fits(chord: Chord, press: KeyPress): boolean {
  const ctrl = press.ctrlKey || press.metaKey;
  if (ctrl !== (chord.ctrl ?? false)) return false;
  if (chord.key !== '?' && press.altKey !== (chord.alt ?? false)) return false;
  if (chord.alt)
    return (
      press.code === `Key${chord.key?.toUpperCase() ?? ''}` &&
      press.shiftKey === (chord.shift ?? false)
    );
  if (chord.code !== undefined)
    return press.code === chord.code && press.shiftKey === (chord.shift ?? false);
  // Which keys give "?" with or without Shift is the layout's business.
  if (chord.key === '?') return press.key === '?';
  return (
    press.key.toLowerCase() === chord.key?.toLowerCase() &&
    press.shiftKey === (chord.shift ?? false)
  );
}

/** The chord as settings and the menu know it: `Ctrl+Shift+Z`, `BracketLeft`; inverse of `parseChord`. */
export function chordText(chord: Chord): string {
  const base = chord.code ?? chord.key ?? '';
  const upper = base.toUpperCase();
  const key = base.length === 1 && upper.length === 1 ? upper : base;
  return `${chord.ctrl ? 'Ctrl+' : ''}${chord.alt ? 'Alt+' : ''}${chord.shift ? 'Shift+' : ''}${key}`;
}

/** A chord from its text (`ChordText` in the contract says which texts there are). */
export function parseChord(text: string): Chord {
  const parts = text.split('+');
  const base = parts.at(-1) ?? '';
  return {
    ...(placed.test(base)
      ? { code: base }
      : { key: base.length === 1 ? base.toLowerCase() : base }),
    ...(parts.includes('Ctrl') ? { ctrl: true } : {}),
    ...(parts.includes('Alt') ? { alt: true } : {}),
    ...(parts.includes('Shift') ? { shift: true } : {}),
  };
}

/** What a press would be as a shortcut of its own. */
export type Recorded =
  | { readonly kind: 'chord'; readonly chord: Chord }
  /** Only modifiers so far. */
  | { readonly kind: 'waiting' }
  /** `alt`: Alt belongs to the mouse and to AltGr. `reserved`: the window or the system needs it. */
  | { readonly kind: 'refused'; readonly why: 'alt' | 'reserved' };

const modifiers = ['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process'];

/** Space pans while it is held, Tab moves the focus, Escape leaves, the others belong to text fields or the system. */
const reserved = new Set(
  [' ', 'Tab', 'Shift+Tab', 'Escape', 'F5', 'F10', 'F11', 'ContextMenu'].concat(
    ['A', 'C', 'V', 'X', 'R', 'Q', 'Shift+R', 'Shift+I'].map((key) => `Ctrl+${key}`),
  ),
);

/** Reads the press with which someone shows the keys that a command shall have. */
export function recordPress(press: KeyPress): Recorded {
  if (modifiers.includes(press.key)) return { kind: 'waiting' };
  if (press.altKey && press.key !== '?') return { kind: 'refused', why: 'alt' };
  const ctrl = press.ctrlKey || press.metaKey ? { ctrl: true } : {};
  const shift = press.shiftKey ? { shift: true } : {};
  const chord: Chord =
    press.key === '?'
      ? { key: '?', ...ctrl }
      : placed.test(press.code)
        ? { code: press.code, ...ctrl, ...shift }
        : { key: press.key.length === 1 ? press.key.toLowerCase() : press.key, ...ctrl, ...shift };
  const known = chord.code !== undefined || /^(\p{L}|\?|[A-Z]\w+)$/u.test(chord.key ?? '');
  if (!known || reserved.has(chordText(chord))) return { kind: 'refused', why: 'reserved' };
  return { kind: 'chord', chord };
}

const names: Readonly<Record<string, string>> = {
  BracketLeft: '[',
  BracketRight: ']',
  Period: '.',
  Comma: ',',
  Semicolon: ';',
  Quote: '’',
  Equal: '+',
  Minus: '−',
  Slash: '/',
  Backslash: '\\',
  Backquote: '`',
  IntlBackslash: '<',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** The caps of a chord as they are printed on keys: ["Ctrl", "Shift", "Z"]. */
export function chordKeys(chord: Chord, mac = false): string[] {
  const base = chord.code ?? chord.key ?? '';
  const cap = names[base] ?? base.replace(/^(Digit|Numpad)/, '');
  const keys: string[] = [];
  if (chord.ctrl) keys.push(mac ? '⌘' : 'Ctrl');
  if (chord.alt) keys.push(mac ? '⌥' : 'Alt');
  if (chord.shift) keys.push(mac ? '⇧' : 'Shift');
  keys.push(cap.length === 1 ? cap.toUpperCase() : cap);
  return keys;
}
