import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { MembranaError } from '#contract/errors';
import { fileError } from './source-file';

/** Parts that an error names for a person to choose from. */
const MOST_PARTS = 200;
/** Of these so many stand in its sentence. */
const MOST_TOLD = 5;

/**
 * The error for what holds several stacks; `what` goes on from its name. Its
 * data lists them, one a line, for `stack.part`.
 */
export function severalStacks(
  name: string,
  what: string,
  parts: readonly string[],
  hint: string,
): MembranaError {
  const told = parts.slice(0, MOST_TOLD).join(', ');
  const more = parts.length > MOST_TOLD ? ` and ${String(parts.length - MOST_TOLD)} more` : '';
  const listed = parts.filter((part) => !part.includes('\n')).slice(0, MOST_PARTS);
  return new MembranaError('stack.several', `${name} ${what}: ${told}${more}.`, {
    hint,
    data: { file: name, images: parts.length, parts: listed.join('\n') },
  });
}

/**
 * The path of one stack in a file or a folder that holds several; it can't lead out of a folder.
 * @throws MembranaError file.not-found, file.unreadable
 */
export async function pathOfPart(path: string, part: string): Promise<string> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw fileError(error, part);
    },
  );
  if (!folder) return `${path}::${part}`;
  const inner = await realpath(join(path, part)).catch((error: unknown) => {
    throw fileError(error, part);
  });
  if (!isAbsolute(part) && inner.startsWith(`${await realpath(path)}${sep}`)) return inner;
  throw new MembranaError('file.not-found', `${part} does not lie in what you opened.`, {
    hint: 'Open its own folder.',
    data: { file: part },
  });
}
