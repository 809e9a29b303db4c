import { FileBytes } from '../raw/raw-bytes';
import { assertRawSizes, rawInfo } from '../raw/raw-info';
import { RawSource } from '../raw/raw-source';
import { fileError, SourceFile } from '../source-file';
import type { StackFormat } from '../stack-format';
import { beginsLikeTiff } from '../tiff/container/tiff-header';
import { beginsLikeMrc, hasMrcName, MRC_HEADER_BYTES, parseMrcHeader } from './mrc-header';

/**
 * An MRC file, also called .rec, .st or .map. Rows come in the order of the
 * file, as `mrcfile` has them; programs that draw the first row at the bottom
 * show the picture upside down beside it.
 */
export const mrc: StackFormat = {
  name: 'MRC',
  owns: (entry) =>
    entry.kind === 'file' &&
    (beginsLikeMrc(entry.head, entry.name) ||
      (hasMrcName(entry.name) && entry.head.length > 0 && !beginsLikeTiff(entry.head))),
  async open(path, { signal, expected }) {
    const file = await SourceFile.open(path, expected);
    try {
      const head = await file.read(0, MRC_HEADER_BYTES, signal);
      const { layout, ...said } = parseMrcHeader(file.name, head);
      assertRawSizes(file.name, layout);
      const { name, size } = file;
      const facts = { name, layout, ...said, compression: 'none', fileBytes: size };
      return new RawSource(rawInfo(facts, size), layout, new FileBytes(file), file.path, file);
    } catch (error) {
      await file.close();
      throw fileError(error, file.name);
    }
  },
  contents: (path, expected) => SourceFile.open(path, expected),
};
