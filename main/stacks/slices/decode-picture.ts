import type { Chunk } from '#volume/chunk-source';
import { SourceFile } from '../source-file';
import type { Place } from '../source/source-identity';
import { decodeJpegSlice } from './jpeg-slice';
import { decodePng } from './png-pixels';
import { kindOfSlice } from './slice-head';

/** A PNG or JPEG to decode whole, and which file is meant. */
export interface PictureRequest {
  readonly path: string;
  readonly place: Place;
  /** Larger files hold something else than their picture. */
  readonly mostBytes: number;
}

/** Decodes a picture. @throws MembranaError file.changed for another file than is meant; file.*, stack.* */
export async function decodePicture({ path, place, mostBytes }: PictureRequest): Promise<Chunk> {
  const file = await SourceFile.open(path);
  try {
    file.assertSame(place);
    const bytes = await file.read(0, mostBytes);
    return kindOfSlice(file.name) === 'png'
      ? await decodePng(file.name, bytes)
      : await decodeJpegSlice(file.name, bytes);
  } finally {
    await file.close();
  }
}
