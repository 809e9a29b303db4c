import type { ErrorReport } from '#contract/errors';
import { toErrorReport } from '#contract/errors';
import type { Place } from './source/source-identity';
import { fileError, SourceFile } from './source-file';
import { type DecodeAnswer, type DecodeRequest, decodeBatch } from './tiff/decode-block';
import { readStructure, type TiffStructure } from './tiff/tiff-structure';

/** What a worker of the pool is asked for. */
export type StackRequest =
  | { readonly kind: 'decode'; readonly batch: DecodeRequest }
  | { readonly kind: 'structure'; readonly path: string };

export type StackAnswer =
  | { readonly kind: 'decoded'; readonly batch: DecodeAnswer }
  | {
      readonly kind: 'structure';
      readonly structure: TiffStructure;
      /** Which file was read. */
      readonly place: Place;
    }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

/** What a worker does for one request; nothing is thrown. */
export async function answerRequest(request: StackRequest): Promise<StackAnswer> {
  try {
    switch (request.kind) {
      case 'decode':
        return { kind: 'decoded', batch: await decodeBatch(request.batch) };
      case 'structure':
        return await structureOf(request.path);
    }
  } catch (error) {
    return { kind: 'failed', error: toErrorReport(error) };
  }
}

async function structureOf(path: string): Promise<StackAnswer> {
  const file = await SourceFile.open(path);
  try {
    const structure = await readStructure(file, new AbortController().signal);
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
    case 'failed':
      return [];
  }
}
