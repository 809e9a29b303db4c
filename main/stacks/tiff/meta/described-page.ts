import type { SourceFile } from '../../source-file';
import { readDirectory, type TiffHeader } from '../container/directory';
import type { DirectoryChain } from '../container/directory-chain';
import { parseShape } from './shape-description';
import { readText, stackMetadata, type StackMetadata } from './stack-metadata';
import { tags } from '../container/tags';

/**
 * What is said of the stack: by its first page, or by the file's first page where
 * that is another one (a preview) and the stack's own says nothing.
 */
export async function describedBy(
  file: SourceFile,
  header: TiffHeader,
  chain: DirectoryChain,
  firstPage: number,
): Promise<StackMetadata> {
  const of = async (place: number): Promise<StackMetadata> => {
    const offset = chain.offsets[place] ?? header.firstDirectory;
    return stackMetadata(file, header, await readDirectory(file, header, offset));
  };
  const own = await of(firstPage);
  if (firstPage === 0 || own.description.kind !== 'none') return own;
  const { description, voxelSize, warnings } = await of(0);
  if (description.kind !== 'ome' && description.kind !== 'imagej') return own;
  const known = voxelSize.source !== 'unknown';
  return {
    description,
    voxelSize: known ? voxelSize : own.voxelSize,
    warnings: [...own.warnings, ...warnings],
  };
}

/** Whether a page begins an array of its own, as scientific Python writes several into one file. */
export async function beginsArray(
  file: SourceFile,
  header: TiffHeader,
  offset: number,
): Promise<boolean> {
  const directory = await readDirectory(file, header, offset);
  return parseShape((await readText(file, directory, tags.ImageDescription)).text) !== null;
}
