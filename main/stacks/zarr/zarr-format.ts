import type { StackWarning } from '#contract/entities';
import { ChunkStack } from '../chunk-stack';
import { sharedDecodePool } from '../decode-pool';
import { FileList } from '../source/file-list';
import type { SourceIdentity } from '../source/source-identity';
import type { StackFormat } from '../stack-format';
import { ZarrChunks } from './zarr-chunks';
import type { ZarrStructure } from './zarr-structure';

/** Files that make a folder a node of a Zarr hierarchy. */
const MARKS = ['zarr.json', '.zarray', '.zgroup', '.zattrs'];

function look(
  path: string,
  { files, described }: ZarrStructure,
  expected?: SourceIdentity,
): Promise<FileList> {
  return FileList.look(path, files, {
    guarded: described,
    ...(expected === undefined ? {} : { expected }),
  });
}

/** A folder that is a Zarr of version 2 or 3: an OME-Zarr image, or one array. */
export const zarr: StackFormat = {
  name: 'OME-Zarr',
  owns: (entry) =>
    entry.kind === 'folder' &&
    (/\.zarr$/i.test(entry.name) || MARKS.some((mark) => entry.names.includes(mark))),
  async open(path, { pool, signal, expected }) {
    const structure = await pool.zarr(path, signal);
    const list = await look(path, structure, expected);
    const info = {
      ...structure.info,
      fileBytes: list.size,
      warnings: [...structure.info.warnings, ...missingWarnings(list, structure)],
    };
    return new ChunkStack(info, new ZarrChunks(path, structure, pool), list, pool.size + 1);
  },
  async contents(path, expected) {
    const structure = await sharedDecodePool().zarr(path, new AbortController().signal);
    return look(path, structure, expected);
  },
};

/** What is to be said where chunks are not there. */
function missingWarnings(
  { files }: FileList,
  { described, allChunks }: ZarrStructure,
): StackWarning[] {
  const chunks = files.slice(described);
  const missing = chunks.filter(({ place }) => place === null).length;
  if (missing === 0) return [];
  const which = allChunks ? `its ${chunks.length} chunks` : `${chunks.length} chunks looked at`;
  const are = missing === 1 ? 'is' : 'are';
  return [
    {
      code: 'chunks-missing',
      message: `${missing} of ${which} ${are} not there. What was left empty when it was written, or got lost, is hatched; slices with such holes are not segmented.`,
    },
  ];
}
