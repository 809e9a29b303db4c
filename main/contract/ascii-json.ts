/** JSON in ASCII, a byte a character; other characters are escaped, so no text encoding is needed. */
export function asciiJson(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A call takes this many arguments in every engine. */
const CHARACTERS_AT_ONCE = 4096;

/** The value of such bytes; throws a SyntaxError on anything else. */
export function parseAsciiJson(bytes: Uint8Array): unknown {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHARACTERS_AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_ONCE));
  return JSON.parse(text);
}
