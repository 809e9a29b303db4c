import { type DecodePool, sharedDecodePool } from './decode-pool';
import { fileError, SourceFile } from './source-file';
import type { SourceIdentity, SourceReference } from './source/source-identity';
import type { StackSource } from './stack-source';
import { TiffSource } from './tiff/tiff-source';

export interface OpenStackOptions {
  readonly signal: AbortSignal;
  /** Where compressed blocks are decoded; the process's shared pool where not given. */
  readonly pool?: DecodePool;
  /** Which file is meant: another one at this path is refused. */
  readonly expected?: SourceIdentity;
}

/**
 * Opens a stack without reading pixels. Close it when done.
 * @throws MembranaError file.* and tiff.*, each naming the file and the next step; AbortError
 */
export async function openStack(path: string, options: OpenStackOptions): Promise<StackSource> {
  options.signal.throwIfAborted();
  const file = await SourceFile.open(path, options.expected);
  try {
    return await TiffSource.open(file, options.pool ?? sharedDecodePool(), options.signal);
  } catch (error) {
    await file.close();
    throw fileError(error, file.name);
  }
}

/** Whether the file that is meant lies at its path, or one of the same content. */
export async function isStill({ path, identity }: SourceReference): Promise<boolean> {
  try {
    await (await SourceFile.open(path, identity)).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * The file at `path` as a request of another process names it.
 * @throws MembranaError file.*
 */
export async function sourceReference(path: string): Promise<SourceReference> {
  const file = await SourceFile.open(path);
  try {
    return { path, identity: await file.identity() };
  } finally {
    await file.close();
  }
}
