import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLines } from '../../compute/testing/line-stacks';
import { buildCli, runCli, startCli, type Ran } from './built-cli';

/** Longest that a command which trains may take on a busy machine, in milliseconds. */
export const slow = 240_000;

/** Arguments that name the stack to train on and its labels. */
export const lineStack = ['--image', 'image.tif', '--labels', 'labels.tif', '--membrane', '0'];

/** The built command line in a folder of small stacks that show lines. */
export interface LineFolder {
  readonly folder: string;
  run(...words: string[]): Promise<Ran>;
  start(...words: string[]): ReturnType<typeof startCli>;
  remove(): Promise<void>;
}

export async function makeLineFolder(): Promise<LineFolder> {
  const cli = await buildCli();
  const folder = await mkdtemp(join(tmpdir(), 'cli-'));
  const size = { side: 128, depth: 4 };
  await writeLines(join(folder, 'image.tif'), 'image', size);
  await writeLines(join(folder, 'labels.tif'), 'labels', size);
  await writeLines(join(folder, 'coarse.tif'), 'image', { side: 60, depth: 1, nm: 8 });
  await writeLines(join(folder, 'other.tif'), 'labels', { side: 96, depth: 4 });
  await writeLines(join(folder, 'small.tif'), 'image', { side: 96, depth: 3 });
  await writeLines(join(folder, 'small-labels.tif'), 'labels', { side: 96, depth: 3 });
  return {
    folder,
    run: (...words) => runCli(cli, folder, words),
    start: (...words) => startCli(cli, folder, words),
    remove: () => rm(folder, { recursive: true }),
  };
}
