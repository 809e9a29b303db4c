import { type DecodePool, sharedDecodePool } from './decode-pool';
import { formatOf } from './formats';
import type { SourceIdentity, SourceReference } from './source/source-identity';
import type { StackSource } from './stack-source';

export interface OpenStackOptions {
  readonly signal: AbortSignal;
  /** Where compressed blocks are decoded; the process's shared pool where not given. */
  readonly pool?: DecodePool;
  /** Which source is meant: another one at this path is refused. */
  readonly expected?: SourceIdentity;
}

/**
 * Opens a stack, a file or a folder, without reading pixels. Close it when done.
 * @throws MembranaError file.*, tiff.* and stack.*, each naming the file and the next step; AbortError
 */
export async function openStack(path: string, options: OpenStackOptions): Promise<StackSource> {
  options.signal.throwIfAborted();
  const format = await formatOf(path);
  return format.open(path, { ...options, pool: options.pool ?? sharedDecodePool() });
}

/** Whether the source that is meant lies at its path, or one of the same content. */
export async function isStill({ path, identity }: SourceReference): Promise<boolean> {
  try {
    const format = await formatOf(path);
    await (await format.contents(path, identity)).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * The source at `path` as a request of another process names it.
 * @throws MembranaError file.*, stack.*
 */
export async function sourceReference(path: string): Promise<SourceReference> {
  const format = await formatOf(path);
  const contents = await format.contents(path);
  try {
    return { path, identity: await contents.identity() };
  } finally {
    await contents.close();
  }
}
