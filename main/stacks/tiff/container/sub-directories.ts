import type { SourceFile } from '../../source-file';
import type { TiffHeader } from './directory';
import type { DirectoryChain } from './directory-chain';
import { fitsFile, readNumbers } from './tag-values';

/** SubIFDs of one directory; a pyramid has some ten levels. */
const MOST_OF_ONE = 64;
/** Directories whose SubIFDs are looked up. */
const MOST_PARENTS = 65_536;
const AT_ONCE = 64;

/**
 * Offsets of the directories that hang from another one as its SubIFDs: reduced
 * copies mostly, which some writers also link into the list of pages. Those that
 * name themselves, or a page before them, are no children.
 */
export async function hangingDirectories(
  file: SourceFile,
  header: TiffHeader,
  chain: DirectoryChain,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const hanging = new Set<number>();
  const parents = chain.subDirectories.slice(0, MOST_PARENTS).filter(({ entry }) => {
    return fitsFile(entry, file);
  });
  const placeOf = new Map<number, number>();
  if (parents.length > 0) chain.offsets.forEach((offset, place) => placeOf.set(offset, place));
  for (let from = 0; from < parents.length; from += AT_ONCE) {
    signal.throwIfAborted();
    await Promise.all(
      parents.slice(from, from + AT_ONCE).map(async ({ page, entry }) => {
        for (const offset of await readNumbers(file, header, entry, 0, MOST_OF_ONE)) {
          const place = placeOf.get(offset);
          if (place !== undefined && place > page) hanging.add(offset);
        }
      }),
    );
  }
  return hanging;
}
