import { dirname, join } from 'node:path';
import { makeFolderDurably, unlinkIfThere, type FileSystem } from '#main/storage/file-system';
import { insideFolder } from '#main/storage/inside-folder';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { writeFailure } from '../storage/write-errors';
import type { KeptTraining } from './resumable-training';
import { newModelId } from '../models/model-store';

export type Keeping = KeptTraining['checkpoint'];

/** A checkpoint file of its own for a training of the project; `every`: steps between two, null = as the recipe says. */
export function newCheckpoint(project: string, every: number | null = null): Keeping {
  return {
    path: join(project, 'training', `${newModelId()}.checkpoint`),
    resume: false,
    every,
  };
}

/** The door to the project that a checkpoint lies in. */
function doorOf(path: string): FileSystem {
  return insideFolder(nodeFileSystem, dirname(dirname(path)));
}

/** Takes a checkpoint away; none there is fine. @throws MembranaError file.not-plain when its folder is not the project's own */
export async function dropCheckpoint(path: string): Promise<void> {
  await unlinkIfThere(doorOf(path), path);
}

/** Whether there is a checkpoint to go on from. */
export async function hasCheckpoint(path: string): Promise<boolean> {
  return (
    (
      await doorOf(path)
        .status(path)
        .catch(() => null)
    )?.kind === 'file'
  );
}

/** Makes the folder, does the work and takes the checkpoint away: only an end of this process leaves it. */
export async function whileKept<Result>(
  { path }: Keeping,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    await makeFolderDurably(doorOf(path), dirname(path));
  } catch (error) {
    throw writeFailure(dirname(path), error);
  }
  try {
    return await work();
  } finally {
    await dropCheckpoint(path);
  }
}
