import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChordText } from '#contract/entities';
import { chordText, fits, parseChord, recordPress, type KeyPress } from './chord';
import { keymap } from './keymap';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  return { key, code: '', ...none, ...more };
}

describe('a key that is pressed to be given to a command', () => {
  it.each([
    [press('G', { code: 'KeyG', shiftKey: true, ctrlKey: true }), 'Ctrl+Shift+G'],
    [press('ü', { code: 'BracketLeft' }), 'BracketLeft'],
    [press('ö', { code: 'KeyL' }), 'Ö'],
    [press('?', { code: 'Slash', shiftKey: true }), '?'],
    [press('PageDown', { code: 'PageDown', shiftKey: true }), 'Shift+PageDown'],
    [press('!', { code: 'Digit1', shiftKey: true }), 'Shift+Digit1'],
    [press('k', { code: 'KeyK', metaKey: true }), 'Ctrl+K'],
  ])('%o is %s', (event, text) => {
    const recorded = recordPress(event);
    expect(recorded.kind === 'chord' && chordText(recorded.chord)).toBe(text);
    expect(ChordText.parse(text)).toBe(text);
  });

  it('is waited for while only Shift or Ctrl is down', () => {
    expect(recordPress(press('Shift', { shiftKey: true })).kind).toBe('waiting');
    expect(recordPress(press('Dead')).kind).toBe('waiting');
  });

  it.each([
    [press('b', { altKey: true }), 'alt'],
    [press(' ', { code: 'Space' }), 'reserved'],
    [press('Tab'), 'reserved'],
    [press('Escape'), 'reserved'],
    [press('r', { ctrlKey: true }), 'reserved'],
    [press('v', { ctrlKey: true }), 'reserved'],
    [press('F5'), 'reserved'],
  ])('%o is refused', (event, why) => {
    expect(recordPress(event)).toEqual({ kind: 'refused', why });
  });

  it('then answers to the same press', () => {
    const key = fc.oneof(
      fc.constantFrom('a', 'Z', 'ñ', '?', 'Home', 'Delete', 'ArrowUp', 'F8'),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    const code = fc.constantFrom('', 'KeyA', 'Digit7', 'Numpad7', 'Comma', 'Quote', 'Slash');
    fc.assert(
      fc.property(key, code, fc.boolean(), fc.boolean(), (k, c, shiftKey, ctrlKey) => {
        const event = press(k, { code: c, shiftKey, ctrlKey });
        const recorded = recordPress(event);
        if (recorded.kind !== 'chord') return;
        const text = chordText(recorded.chord);
        expect(ChordText.safeParse(text).success, text).toBe(true);
        expect(fits(parseChord(text), event), text).toBe(true);
      }),
      { seed: 2026 },
    );
  });
});

it('every key of ours survives being written down', () => {
  for (const { chord } of keymap) expect(parseChord(chordText(chord))).toEqual(chord);
});
