/** What people and programs nest in earnest is a tenth of this. */
const DEEPEST = 100;

/** Whether arrays and objects lie in each other deeper than that: reading such text costs far more than its length. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (quoted && unit === 0x5c) i += 1;
    else if (unit === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (unit === 0x5b || unit === 0x7b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth -= 1;
  }
  return false;
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('a __proto__ key');
  return value;
}

/** The key as it is, or letters of it written as escapes. */
const suspicious = /__proto__|\\u00(?:5f|70|72|6f|74)/i;

/**
 * The value of JSON text from a file that may come from anywhere.
 * @throws SyntaxError for text that is no JSON, holds a `__proto__` key or is nested 100 deep
 */
export function parseStrictJson(text: string): unknown {
  if (isDeep(text)) throw new SyntaxError('nested too deep');
  // Asking for every key takes as long as all the rest, so it is done where there is something to find.
  return suspicious.test(text) ? JSON.parse(text, refusePrototype) : JSON.parse(text);
}
