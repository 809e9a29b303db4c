import { MembranaError } from '#contract/errors';
import type { EntryKind } from './file-system';

/** `shared`: a file that has other names too, so that writing into it would change them as well. */
type Found = EntryKind | 'shared';

const words: Readonly<Record<Found, string>> = {
  file: 'a file',
  folder: 'a folder',
  link: 'a link to another place',
  other: 'a pipe, a socket or a device',
  shared: 'a file with several names (hard links)',
};

function notPlain(name: string, found: Found, wanted: 'plain file' | 'folder'): MembranaError {
  return new MembranaError('file.not-plain', `${name} is ${words[found]}, not a ${wanted}.`, {
    hint: `Links, pipes and devices are not followed. Put the ${wanted} itself there, or take it away, then try again.`,
    safe: 'Nothing was read or written through it.',
    data: { file: name, found, wanted },
  });
}

/** Something else is where a plain file belongs. */
export function notAPlainFile(name: string, found: Found): MembranaError {
  return notPlain(name, found, 'plain file');
}

/** Something else is where a folder belongs. */
export function notAFolder(name: string, found: Found): MembranaError {
  return notPlain(name, found, 'folder');
}

/** The folder that everything lies in was moved or deleted. */
export function folderGone(name: string): MembranaError {
  return new MembranaError('file.not-found', `The folder ${name} is not there any more.`, {
    hint: 'Put it back where it was, or open it from where it is now.',
    data: { file: name },
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

/** A file larger than anything that belongs there; none of it was read. */
export function tooLarge(name: string, bytes: number, mostBytes: number): MembranaError {
  return new MembranaError(
    'file.too-large',
    `${name} has ${megabytes(bytes)}; no file of its kind is larger than ${megabytes(mostBytes)}.`,
    {
      hint: 'Put back a copy of it from a backup, or take it away, then try again.',
      safe: 'It was not read and not changed.',
      data: { file: name, bytes, mostBytes, wanted: 'plain file' },
    },
  );
}
