import { createHash } from 'node:crypto';
import { SourceFile } from './source-file';

/** Tells a source file from others of its name when a project looks for it again. */
export interface StackFingerprint {
  readonly size: number;
  /** SHA-256 of the first and of the last MiB (all of a smaller file). */
  readonly head: string;
  readonly tail: string;
}

const PART_BYTES = 2 ** 20;

/** @throws MembranaError file.* */
export async function stackFingerprint(path: string): Promise<StackFingerprint> {
  const file = await SourceFile.open(path);
  try {
    const digest = async (offset: number): Promise<string> =>
      createHash('sha256')
        .update(await file.read(offset, PART_BYTES))
        .digest('hex');
    return {
      size: file.size,
      head: await digest(0),
      tail: await digest(Math.max(0, file.size - PART_BYTES)),
    };
  } finally {
    await file.close();
  }
}

/** As one word, for the card of a model. */
export function fingerprintWord({ size, head, tail }: StackFingerprint): string {
  return `${size}:${head}:${tail}`;
}

export function sameFingerprint(a: StackFingerprint, b: StackFingerprint): boolean {
  return a.size === b.size && a.head === b.head && a.tail === b.tail;
}
