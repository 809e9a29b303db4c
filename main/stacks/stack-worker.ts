import type { ErrorReport } from '#contract/errors';
import { toErrorReport } from '#contract/errors';
import type { Place } from './source/source-identity';
import { fileError, SourceFile } from './source-file';
import type { Chunk } from '#volume/chunk-source';
import type { TileBlock } from '#contract/tiles';
import { decodeStored, halved, type StoredRequest } from './blocks/decode-stored';
import { inflateTiles, type TileStreams } from './blocks/inflate-tiles';
import { wireBlock, type WireBlock } from './blocks/wire-block';
import type { SliceStatistics } from '#contract/entities';
import type { Region } from './stack-source';
import { bandStatistics, type SliceBands } from './statistics';
import { decodePicture, type PictureRequest } from './slices/decode-picture';
import { readSlices, type SliceStructure } from './slices/slice-structure';
import { readHdf5, type Hdf5Request, type Hdf5Structure } from './hdf5/hdf5-structure';
import { type Hdf5BoxRequest, readBox } from './hdf5/read-box';
import { decodeZarrChunk, type ZarrChunkRequest } from './zarr/decode-chunk';
import { readZarr, type ZarrStructure } from './zarr/zarr-structure';
import { type DecodeAnswer, type DecodeRequest, decodeBatch } from './tiff/decode-block';
import { readStructure, type TiffStructure } from './tiff/container/tiff-structure';

/** What a worker of the pool is asked for. */
export type StackRequest =
  | { readonly kind: 'decode'; readonly batch: DecodeRequest }
  | { readonly kind: 'structure'; readonly path: string }
  | { readonly kind: 'slices'; readonly folder: string; readonly names: readonly string[] }
  | { readonly kind: 'picture'; readonly picture: PictureRequest }
  | { readonly kind: 'zarr'; readonly folder: string }
  | { readonly kind: 'zarr-chunk'; readonly chunk: ZarrChunkRequest }
  | { readonly kind: 'hdf5'; readonly hdf5: Hdf5Request }
  | { readonly kind: 'hdf5-box'; readonly box: Hdf5BoxRequest }
  | { readonly kind: 'stored'; readonly stored: StoredRequest }
  | { readonly kind: 'halve'; readonly halve: HalveRequest }
  | { readonly kind: 'inflate'; readonly streams: TileStreams }
  | { readonly kind: 'statistics'; readonly slice: SliceBands };

/** Pixels that are here already, wanted as tiles of a level; `region` is handed over. */
export interface HalveRequest {
  readonly region: Region;
  readonly halvings: number;
  readonly tiles: Pick<TileBlock, 'across' | 'down'>;
}

export type StackAnswer =
  | { readonly kind: 'decoded'; readonly batch: DecodeAnswer }
  | {
      readonly kind: 'structure';
      readonly structure: TiffStructure;
      /** Which file was read. */
      readonly place: Place;
    }
  | { readonly kind: 'slices'; readonly structure: SliceStructure }
  | { readonly kind: 'zarr'; readonly structure: ZarrStructure }
  | { readonly kind: 'hdf5'; readonly structure: Hdf5Structure }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  /** null = something is wrong with it. */
  | { readonly kind: 'tiles'; readonly tiles: WireBlock | null }
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array<ArrayBuffer> | null }
  | { readonly kind: 'statistics'; readonly statistics: SliceStatistics }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

/** Whoever gives up ends the worker. */
const never = new AbortController().signal;

/** What a worker does for one request; nothing is thrown. */
export async function answerRequest(request: StackRequest): Promise<StackAnswer> {
  try {
    switch (request.kind) {
      case 'decode':
        return { kind: 'decoded', batch: await decodeBatch(request.batch) };
      case 'structure':
        return await structureOf(request.path);
      case 'slices':
        return {
          kind: 'slices',
          structure: await readSlices(request.folder, request.names, never),
        };
      case 'picture':
        return { kind: 'chunk', chunk: await decodePicture(request.picture) };
      case 'zarr':
        return { kind: 'zarr', structure: await readZarr(request.folder, never) };
      case 'zarr-chunk':
        return { kind: 'chunk', chunk: await decodeZarrChunk(request.chunk) };
      case 'hdf5':
        return { kind: 'hdf5', structure: await readHdf5(request.hdf5) };
      case 'hdf5-box':
        return { kind: 'chunk', chunk: await readBox(request.box) };
      case 'stored':
        return { kind: 'tiles', tiles: await decodeStored(request.stored) };
      case 'halve': {
        const { region, halvings, tiles } = request.halve;
        const level = halved(region, halvings);
        return { kind: 'tiles', tiles: wireBlock(level, tiles, level.bad.length > 0) };
      }
      case 'inflate':
        return { kind: 'inflated', bytes: inflateTiles(request.streams) };
      case 'statistics':
        return { kind: 'statistics', statistics: await bandStatistics(request.slice) };
    }
  } catch (error) {
    return { kind: 'failed', error: toErrorReport(error) };
  }
}

async function structureOf(path: string): Promise<StackAnswer> {
  const file = await SourceFile.open(path);
  try {
    const structure = await readStructure(file, never);
    return { kind: 'structure', structure, place: file.standing };
  } catch (error) {
    throw fileError(error, file.name);
  } finally {
    await file.close();
  }
}

/** Buffers of an answer that are handed over without a copy. */
export function transferred(answer: StackAnswer): ArrayBuffer[] {
  switch (answer.kind) {
    case 'decoded':
      return [answer.batch.pixels.buffer];
    case 'structure':
      return [answer.structure.offsets.buffer];
    case 'chunk':
      return [answer.chunk.pixels.buffer];
    case 'tiles':
      return answer.tiles === null ? [] : [answer.tiles.bytes.buffer];
    case 'inflated':
      return answer.bytes === null ? [] : [answer.bytes.buffer];
    case 'slices':
    case 'zarr':
    case 'hdf5':
    case 'statistics':
    case 'failed':
      return [];
  }
}
