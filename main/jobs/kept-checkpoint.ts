import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeptTraining } from './unbroken-training';
import { newModelId } from '../models/model-store';

export type Keeping = KeptTraining['checkpoint'];

/** A checkpoint file of its own for a training of the project, as often as the recipe says. */
export function newCheckpoint(project: string): Keeping {
  return {
    path: join(project, 'training', `${newModelId()}.checkpoint`),
    resume: false,
    every: null,
  };
}

/** Makes the folder, does the work and takes the checkpoint away: only an end of this process leaves it. */
export async function whileKept<Result>(
  { path }: Keeping,
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
