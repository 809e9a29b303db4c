import { type DecodePool, sharedDecodePool } from './decode-pool';
import { fileError, SourceFile } from './source-file';
import type { StackSource } from './stack-source';
import { TiffSource } from './tiff/tiff-source';

export interface OpenStackOptions {
  readonly signal: AbortSignal;
  /** Where compressed blocks are decoded; the process's shared pool where not given. */
  readonly pool?: DecodePool;
}

/**
 * Opens a stack without reading pixels. Close it when done.
 * @throws MembranaError file.* and tiff.*, each naming the file and the next step; AbortError
 */
export async function openStack(path: string, options: OpenStackOptions): Promise<StackSource> {
  options.signal.throwIfAborted();
  const file = await SourceFile.open(path);
  try {
    return await TiffSource.open(file, options.pool ?? sharedDecodePool(), options.signal);
  } catch (error) {
    await file.close();
    throw fileError(error, file.name);
  }
}
