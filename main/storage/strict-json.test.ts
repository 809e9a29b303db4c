import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json';

describe('JSON from a file', () => {
  it('comes back as it was written', () => {
    const value = { a: [1, 'two "[[[["', { b: null, c: '\\[{' }], _: '__proto', é: '\u2028' };
    expect(parseStrictJson(JSON.stringify(value))).toEqual(value);
    let nested: unknown = 1;
    for (let i = 0; i < 100; i += 1) nested = [nested];
    expect(parseStrictJson(JSON.stringify(nested))).toEqual(nested);
  });

  it.each([
    ['a __proto__ key', '{"a":{"__proto__":{"b":1}}}'],
    ['one in escapes', '{"a":{"\\u005f_prot\\u006F__":1}}'],
    ['101 levels', '['.repeat(101) + ']'.repeat(101)],
    ['four million levels of objects', '{"a":'.repeat(1 << 22)],
    ['text that is no JSON', '{"a":'],
    ['nothing', ''],
  ])('%s is refused', (_, text) => {
    expect(() => parseStrictJson(text)).toThrow(SyntaxError);
  });
});
