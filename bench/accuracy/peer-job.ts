import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fold } from './folds';
import type { LabelledStack } from './labelled-stack';

/** Files that a peer reads and writes; raw values, so that it needs no TIFF reader. */
export interface PeerJob {
  readonly path: string;
  readonly chooseMaps: string;
  readonly scoreMaps: string;
}

/** Writes a fold as a peer reads it, with `settings` of the peer's own. */
export async function writePeerJob(
  folder: string,
  name: string,
  fold: Fold,
  stack: LabelledStack,
  settings: Readonly<Record<string, unknown>>,
): Promise<PeerJob> {
  await mkdir(folder, { recursive: true });
  const file = (end: string): string => join(folder, `${name}-${end}`);
  const images = file('images.u8');
  const targets = file('targets.u8');
  await writeFile(images, Buffer.concat(stack.grey));
  await writeFile(targets, Buffer.concat(stack.truth));
  const job = {
    path: file('job.json'),
    chooseMaps: file('choose.f32'),
    scoreMaps: file('score.f32'),
  };
  const { width, height } = stack;
  const { train, choose, score } = fold;
  const { chooseMaps, scoreMaps } = job;
  const text = JSON.stringify({
    ...{ width, height, depth: stack.grey.length, images, targets },
    ...{ train, choose, score, chooseMaps, scoreMaps },
    ...settings,
  });
  await writeFile(job.path, text);
  return job;
}
