import type { SourceIdentity } from './source-identity';

/** What a source is made of, as one run of bytes: a file, or the files of a folder one after the other. */
export interface SourceContents {
  readonly size: number;
  /** Names and sizes of the files of a folder; empty for a single file. */
  readonly manifest: string;
  /** Bytes at `offset`, fewer at the end. @throws MembranaError file.* */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** @throws MembranaError file.* */
  identity(): Promise<SourceIdentity>;
  close(): Promise<void>;
}
