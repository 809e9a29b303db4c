import { randomUUID } from 'node:crypto';
import { ChunkStack } from '../chunk-stack';
import { fileError } from '../source-file';
import type { StackFormat } from '../stack-format';
import { DatasetContents } from './dataset-contents';
import { corruptHdf5 } from './hdf5-errors';
import { Hdf5Chunks } from './hdf5-chunks';
import { fileOfPath } from './inner-path';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where the signature may lie among the first bytes. */
const PLACES = [0, 512, 1024];

function beginsLikeHdf5(head: Uint8Array): boolean {
  return PLACES.some((place) => SIGNATURE.every((byte, at) => head[place + at] === byte));
}

/** A HDF5 file, or a dataset in one: `stack.h5::/volumes/raw`. */
export const hdf5: StackFormat = {
  name: 'HDF5',
  owns: (entry) =>
    entry.kind === 'file' &&
    (beginsLikeHdf5(entry.head) ||
      (/\.(h5|hdf5?|ims)$/i.test(entry.name) && entry.head.length > 0)),
  async open(path, { pool, signal, expected }) {
    const inner = await fileOfPath(path);
    const contents = await DatasetContents.open(path, inner, expected);
    const { file } = contents;
    try {
      if (!beginsLikeHdf5(await file.read(0, 2048, signal)))
        throw corruptHdf5(file.name, 'it is called a HDF5 file, but does not begin like one');
      const token = randomUUID();
      const structure = await file.whileUnchanged(() =>
        file.lend((number) => {
          const lent = { file: number, size: file.size, token };
          return pool.hdf5({ lent, name: file.name, dataset: inner.dataset }, signal);
        }),
      );
      const info = { ...structure.info, fileBytes: file.size };
      const chunks = new Hdf5Chunks(file, token, structure, pool);
      return new ChunkStack(info, chunks, contents, pool.size + 1);
    } catch (error) {
      await contents.close();
      throw fileError(error, file.name);
    }
  },
  async contents(path, expected) {
    return DatasetContents.open(path, await fileOfPath(path), expected);
  },
};
