import type { BadBlock } from '#contract/entities';
import type { ByteReader } from '../blocks/read-rows';
import type { SourceFile } from '../source-file';

/** How far bytes reach, and why no farther. */
export interface Reach {
  readonly end: number;
  readonly state: BadBlock['state'];
  readonly reason: string;
}

/** Plain bytes that a stack lies in: those of a file, or what a compressed file unpacks to. */
export interface RawBytes extends ByteReader {
  /** Whether they may have to be waited for. */
  readonly comeLater: boolean;
  /** Waits until the bytes before `end` are there, or known not to come. @throws AbortError */
  reach(end: number, signal: AbortSignal): Promise<Reach>;
  /** Runs `read` on one state of the file. @throws MembranaError file.changed */
  whileUnchanged<T>(read: () => Promise<T>): Promise<T>;
  /** Runs `use` with the number of the open file, which stays open meanwhile. */
  lend<T>(use: (file: number) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The bytes of a file as they are. */
export class FileBytes implements RawBytes {
  readonly comeLater = false;

  constructor(private readonly file: SourceFile) {}

  reach(): Promise<Reach> {
    return Promise.resolve({
      end: this.file.size,
      state: 'truncated',
      reason: 'the file ends before it',
    });
  }

  readInto(into: Uint8Array, offset: number, signal?: AbortSignal): Promise<number> {
    return this.file.readInto(into, offset, signal);
  }

  whileUnchanged<T>(read: () => Promise<T>): Promise<T> {
    return this.file.whileUnchanged(read);
  }

  lend<T>(use: (file: number) => Promise<T>): Promise<T> {
    return this.file.lend(use);
  }

  /** The file is closed by whoever opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
