import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAbort, MembranaError } from '#contract/errors';
import { DecodePool } from '../../decode-pool';
import { openStack } from '../../open-stack';
import type { Region, StackSource } from '../../stack-source';

const signal = new AbortController().signal;
const pool = new DecodePool({ worker: null });

/** Runs `use` with the bytes as a file in a folder of its own, opened as a stack. */
export async function withStack<T>(
  bytes: Uint8Array,
  use: (source: StackSource, path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'membrana-tiff-'));
  try {
    const path = join(folder, 'stack.tif');
    await writeFile(path, bytes);
    const source = await openStack(path, { signal, pool });
    try {
      return await use(source, path);
    } finally {
      await source.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a stack is and what its slices hold. */
export interface Opened {
  readonly info: StackSource['info'];
  readonly slices: readonly Region[];
  readonly warnings: readonly string[];
}

/** Opens the bytes as a stack and reads up to `most` slices whole. */
export async function opened(bytes: Uint8Array, most = 8): Promise<Opened> {
  return withStack(bytes, async (source) => {
    const slices: Region[] = [];
    for (let z = 0; z < Math.min(source.info.depth, most); z += 1)
      slices.push(await wholeSlice(source, z));
    const warnings = source.info.warnings.map(({ code }) => code);
    return { info: source.info, slices, warnings };
  });
}

export async function wholeSlice(source: StackSource, z: number, level = 0): Promise<Region> {
  const { width, height } = source.info;
  return source.readRegion(z, { x: 0, y: 0, width, height }, level, signal);
}

/** The typed error that opening the bytes ends in; fails for any other end. */
export async function refused(bytes: Uint8Array): Promise<MembranaError> {
  try {
    await opened(bytes);
  } catch (error) {
    if (error instanceof MembranaError && !isAbort(error)) return error;
    throw error;
  }
  throw new Error('it opened');
}
