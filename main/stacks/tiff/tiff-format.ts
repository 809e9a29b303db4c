import { fileError, SourceFile } from '../source-file';
import type { StackFormat } from '../stack-format';
import { TiffSource } from './tiff-source';

/** A TIFF file. Files that are no TIFF come here too: its reader says what they look like. */
export const tiff: StackFormat = {
  name: 'TIFF',
  owns: (entry) => entry.kind === 'file',
  async open(path, { pool, signal, expected }) {
    const file = await SourceFile.open(path, expected);
    try {
      return await TiffSource.open(file, pool, signal);
    } catch (error) {
      await file.close();
      throw fileError(error, file.name);
    }
  },
  contents: (path, expected) => SourceFile.open(path, expected),
};
