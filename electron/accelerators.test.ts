import { describe, expect, it } from 'vitest';
import { acceleratorOf } from './accelerators';

describe('menu accelerators', () => {
  it.each([
    ['Ctrl+Shift+Z', 'CmdOrCtrl+Shift+Z'],
    ['Ctrl+Digit0', 'CmdOrCtrl+0'],
    ['Ctrl+Equal', 'CmdOrCtrl+Plus'],
    ['Alt+V', 'Alt+V'],
    ['BracketLeft', '['],
    ['Numpad2', 'num2'],
    ['PageDown', 'PageDown'],
    ['ArrowLeft', 'Left'],
    ['?', 'Shift+/'],
  ])('show %s as %s', (chord, accelerator) => {
    expect(acceleratorOf(chord)).toBe(accelerator);
  });

  it('leave out what a menu can not name', () => {
    expect(acceleratorOf('Ö')).toBeNull();
    expect(acceleratorOf('Ctrl+IntlBackslash')).toBeNull();
  });
});
