import { MembranaError } from '#contract/errors';
import type { Chunk } from '#volume/chunk-source';
import { SourceFile } from '../source-file';
import type { Place } from '../source/source-identity';
import { decodeJpegSlice, readJpegHead } from './jpeg-slice';
import { readPngLayout } from './png-head';
import { decodePng } from './png-pixels';
import { headText, kindOfSlice, sameKind, type SliceFacts } from './slice-head';

/** A PNG or JPEG to decode whole, and which file is meant. */
export interface PictureRequest {
  readonly path: string;
  readonly place: Place;
  /** What the picture has to be: that of a slice whose head could not be read at first may be of another size. */
  readonly like: SliceFacts;
  /** Larger files hold something else than their picture. */
  readonly mostBytes: number;
}

/** Decodes a picture. @throws MembranaError file.changed for another file than is meant; stack.slices-differ for another picture; file.*, stack.* */
export async function decodePicture({
  path,
  place,
  like,
  mostBytes,
}: PictureRequest): Promise<Chunk> {
  const file = await SourceFile.open(path);
  try {
    file.assertSame(place);
    const { name } = file;
    const bytes = await file.read(0, mostBytes);
    const isPng = kindOfSlice(name) === 'png';
    const head = isPng ? readPngLayout(name, bytes).head : readJpegHead(name, bytes);
    if (!sameKind(head, like))
      throw new MembranaError(
        'stack.slices-differ',
        `${name} is ${headText(head)}, and the other slices are ${headText(like)}.`,
        { hint: 'Save all slices of the folder in one size and type.', data: { file: name } },
      );
    return isPng ? await decodePng(name, bytes) : await decodeJpegSlice(name, bytes);
  } finally {
    await file.close();
  }
}
