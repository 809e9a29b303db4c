import { MembranaError } from '#contract/errors';

/** One start tag (or empty element) with its attributes; end tags are passed over. */
export interface XmlTag {
  /** Local name, without a namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Text up to the next tag. */
  text(): string;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const NONE: ReadonlyMap<string, string> = new Map();
/** Attributes of one tag that are looked at; OME's longest have some forty. */
const MOST_ATTRIBUTES = 256;
const LONGEST_NAME = 256;
const [DOUBLE, SINGLE, SLASH, CLOSE] = [34, 39, 47, 62];

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? whole;
    const hexadecimal = name[1] === 'x' || name[1] === 'X';
    const code = parseInt(name.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * The start tags of an XML text, in order, in time linear in its length. Enough
 * for OME-XML, and nothing that could be turned against us: document types and
 * entity declarations are refused.
 * @throws MembranaError tiff.corrupt for a DOCTYPE or a tag that does not end
 */
export function* xmlTags(xml: string): Generator<XmlTag> {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml))
    throw new MembranaError('tiff.corrupt', 'The XML declares a document type or entities.', {
      hint: 'Write the file again without them.',
    });
  let at = 0;
  for (;;) {
    const open = xml.indexOf('<', at);
    if (open < 0) return;
    if (xml.startsWith('<!--', open)) {
      const end = xml.indexOf('-->', open);
      if (end < 0) return;
      at = end + 3;
      continue;
    }
    const close = tagEnd(xml, open);
    at = close + 1;
    const first = xml[open + 1];
    if (first === '/' || first === '?' || first === '!') continue;
    const from = at;
    const text = (): string => {
      const next = xml.indexOf('<', from);
      return decode(xml.slice(from, next < 0 ? xml.length : next).trim());
    };
    yield { ...parseTag(xml.slice(open + 1, close)), text };
  }
}

/** Position of the `>` that ends a tag; one within quotes does not. */
function tagEnd(xml: string, open: number): number {
  let quote = 0;
  for (let at = open; at < xml.length; at += 1) {
    const letter = xml.charCodeAt(at);
    if (quote !== 0) {
      if (letter === quote) quote = 0;
    } else if (letter === DOUBLE || letter === SINGLE) quote = letter;
    else if (letter === CLOSE) return at;
  }
  throw new MembranaError('tiff.corrupt', 'The XML ends within a tag.', {
    hint: 'Write the file again.',
  });
}

/** XML's white space is all below the space character, and nothing else is. */
const isSpace = (letter: number): boolean => letter <= 32;

function parseTag(body: string): Pick<XmlTag, 'name' | 'attributes'> {
  let end = 0;
  while (end < body.length && body.charCodeAt(end) !== SLASH && !isSpace(body.charCodeAt(end)))
    end += 1;
  const name = body.slice(0, end);
  return { name: localName(name), attributes: parseAttributes(body, end) };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** `key="value"` pairs from `at` on. Every step goes on from where the last one ended: no text is looked at twice. */
function parseAttributes(body: string, at: number): ReadonlyMap<string, string> {
  let equals = body.indexOf('=', at);
  if (equals < 0) return NONE;
  const attributes = new Map<string, string>();
  let from = at;
  while (equals >= 0 && attributes.size < MOST_ATTRIBUTES) {
    let open = equals + 1;
    while (open < body.length && isSpace(body.charCodeAt(open))) open += 1;
    const quote = body[open];
    const close = quote === '"' || quote === "'" ? body.indexOf(quote, open + 1) : -1;
    if (close >= 0) {
      const key = lastWord(body.slice(Math.max(from, equals - LONGEST_NAME), equals));
      attributes.set(key, decode(body.slice(open + 1, close)));
      from = close + 1;
    } else from = open;
    equals = body.indexOf('=', from);
  }
  return attributes;
}

function lastWord(text: string): string {
  const word = text.trim();
  let from = word.length;
  while (from > 0 && !isSpace(word.charCodeAt(from - 1))) from -= 1;
  return word.slice(from);
}
