import { MembranaError } from '#contract/errors';

/** One start tag (or empty element) with its attributes; text and end tags are passed over. */
export interface XmlTag {
  /** Local name, without a namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Text up to the next tag. */
  readonly text: string;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? whole;
    const hexadecimal = name[1] === 'x' || name[1] === 'X';
    const code = parseInt(name.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * The start tags of an XML text, in order. Enough for OME-XML, and nothing that
 * could be turned against us: document types and entity declarations are refused.
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
    const nextOpen = xml.indexOf('<', at);
    const text = decode(xml.slice(at, nextOpen < 0 ? xml.length : nextOpen).trim());
    yield { ...parseTag(xml.slice(open + 1, close)), text };
  }
}

/** Position of the `>` that ends a tag; one within quotes does not. */
function tagEnd(xml: string, open: number): number {
  let quote = '';
  for (let at = open; at < xml.length; at += 1) {
    const letter = xml[at] ?? '';
    if (quote !== '') {
      if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '>') return at;
  }
  throw new MembranaError('tiff.corrupt', 'The XML ends within a tag.', {
    hint: 'Write the file again.',
  });
}

function parseTag(body: string): Pick<XmlTag, 'name' | 'attributes'> {
  const name = /^[^\s/]+/.exec(body)?.[0] ?? '';
  const attributes = new Map<string, string>();
  for (const match of body.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes.set(match[1] ?? '', decode(match[2] ?? match[3] ?? ''));
  return { name: name.slice(name.indexOf(':') + 1), attributes };
}
