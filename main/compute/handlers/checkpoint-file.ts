import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { MembranaError } from '#contract/errors';
import { writeFileAtomic } from '#main/project/atomic-file';

/** The checkpoint of an interrupted run. @throws MembranaError file.not-found */
export async function readCheckpoint(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new MembranaError(
      'file.not-found',
      `There is no checkpoint "${basename(path)}" to go on from.`,
      {
        hint: 'Leave out --resume to start from the beginning.',
        data: { file: basename(path) },
        cause: error,
      },
    );
  }
}

export async function writeCheckpoint(path: string, state: Uint8Array): Promise<void> {
  await writeFileAtomic(path, state);
}
