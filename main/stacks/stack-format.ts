import type { DecodePool } from './decode-pool';
import type { SourceContents } from './source/source-contents';
import type { SourceIdentity } from './source/source-identity';
import type { StackSource } from './stack-source';

/** So many first bytes tell every format: HDF5 may begin as late as at 1024. */
export const HEAD_BYTES = 2048;

/** What lies at a path, as far as it takes to tell whose it is. */
export type SourceEntry =
  | {
      readonly kind: 'file';
      readonly name: string;
      /** Its first bytes, fewer than `HEAD_BYTES` where it ends. */
      readonly head: Uint8Array;
    }
  | { readonly kind: 'folder'; readonly name: string; readonly names: readonly string[] };

export interface OpenFormatOptions {
  readonly pool: DecodePool;
  readonly signal: AbortSignal;
  /** Which source is meant: another one at this path is refused. */
  readonly expected?: SourceIdentity;
}

/** One way in which stacks are stored. */
export interface StackFormat {
  readonly name: string;
  owns(entry: SourceEntry): boolean;
  /** Opens the stack without reading pixels. @throws MembranaError file.*, tiff.*, stack.*; AbortError */
  open(path: string, options: OpenFormatOptions): Promise<StackSource>;
  /** What the source is made of. @throws MembranaError file.*, stack.* */
  contents(path: string, expected?: SourceIdentity): Promise<SourceContents>;
}
