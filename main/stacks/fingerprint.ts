import { createHash } from 'node:crypto';
import { formatOf } from './formats';
import type { SourceContents } from './source/source-contents';

/** Tells a source from others of its name when a project looks for it again. */
export interface StackFingerprint {
  readonly size: number;
  /** SHA-256 of the first and of the last MiB (all of a smaller source); of a folder also of its files' names and sizes. */
  readonly head: string;
  readonly tail: string;
}

const PART_BYTES = 2 ** 20;

/** @throws MembranaError file.*, stack.* */
export async function stackFingerprint(path: string): Promise<StackFingerprint> {
  const format = await formatOf(path);
  const source = await format.contents(path);
  try {
    return await fingerprintOf(source);
  } finally {
    await source.close();
  }
}

async function fingerprintOf(source: SourceContents): Promise<StackFingerprint> {
  const digest = async (before: string, offset: number): Promise<string> =>
    createHash('sha256')
      .update(before)
      .update(await source.read(offset, PART_BYTES))
      .digest('hex');
  return {
    size: source.size,
    head: await digest(source.manifest, 0),
    tail: await digest('', Math.max(0, source.size - PART_BYTES)),
  };
}

/** As one word, for the card of a model. */
export function fingerprintWord({ size, head, tail }: StackFingerprint): string {
  return `${size}:${head}:${tail}`;
}

export function sameFingerprint(a: StackFingerprint, b: StackFingerprint): boolean {
  return a.size === b.size && a.head === b.head && a.tail === b.tail;
}
