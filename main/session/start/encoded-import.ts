import type { ImportChoice } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { encodePatch } from '#contract/label-patch-codec';
import { importedPatches, type ImportPlace } from '#main/import/import-labels';

/** The window holds all of an import at once, twice: in its history, and on the way to the disk. */
const MOST_BYTES = 2 ** 29;

/**
 * A label file as encoded patches, one a slice.
 * @throws MembranaError stack.too-large where the window can't hold them; as `importedPatches`
 */
export async function encodedImport(
  path: string,
  place: ImportPlace,
  choice: ImportChoice,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const patches: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const patch of importedPatches(path, place, choice, signal)) {
    const encoded = encodePatch(patch);
    bytes += encoded.byteLength;
    if (bytes > MOST_BYTES)
      throw new MembranaError(
        'stack.too-large',
        'These labels are too many to be imported in the window at once.',
        {
          hint: 'Import them on the command line while the project is closed: project import-labels.',
          safe: 'Nothing was imported.',
          data: { bytes },
        },
      );
    patches.push(encoded);
  }
  return patches;
}
