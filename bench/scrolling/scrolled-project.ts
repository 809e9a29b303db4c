import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelId } from '#contract/ids';
import { openProject } from '#main/project/project-store';
import { invokeIn, startApp, type AppUnderTest } from '../painting/app-under-test';
import { writeStack } from '../painting/stack-file';

export const SIZE = 2048;
/** Slices that are scrolled idle, then those while a training runs, then those that are switched to one by one. */
export const PART = 48;
export const DEPTH = 3 * PART;

const Models = z.object({ ok: z.literal(true), value: z.array(z.object({ id: ModelId })).min(1) });

/** Walls around squares of 58 by 64 pixels, a little noise: an eighth of the pixels is membrane, as in a real map. */
function fillMap(map: Uint8Array, slice: number): void {
  let noise = slice + 1;
  for (let y = 0; y < SIZE; y += 1) {
    const wall = (y + 17 * slice) % 64 < 4;
    for (let x = 0; x < SIZE; x += 1) {
      noise = (noise * 1664525 + 1013904223) >>> 0;
      const grey = wall || (x + 31 * slice) % 58 < 4 ? 250 : 2;
      map[y * SIZE + x] = grey + (noise >>> 30);
    }
  }
}

/** The first of the models that the app has. */
async function firstModel({ app: { page } }: AppUnderTest): Promise<ModelId> {
  const [first] = Models.parse(await invokeIn(page, 'models.list', null)).value;
  if (!first) throw new Error('The app has no model.');
  return first.id;
}

export type Compression = 'none' | 'deflate';

/** The stack that `makeScrolledProject` makes. */
export function stackOf(home: string): string {
  return join(home, 'stack.tif');
}

/** A project on a stack of 2048², every slice of which has a probability map; its folder. */
export async function makeScrolledProject(home: string, compression: Compression): Promise<string> {
  const stack = stackOf(home);
  await writeStack(stack, SIZE, DEPTH, compression);
  const under = await startApp(home, stack);
  let model: ModelId;
  try {
    model = await firstModel(under);
  } finally {
    await under.electron.close();
  }
  const projects = join(home, 'projects');
  const folder = join(projects, readdirSync(projects)[0] ?? '');
  const project = await openProject(folder, { readOnlyIfLocked: false });
  try {
    await project.setCurrentModel(model);
    const map = new Uint8Array(SIZE * SIZE);
    for (let slice = 0; slice < DEPTH; slice += 1) {
      fillMap(map, slice);
      await project.predictions.write(model, slice, map);
    }
  } finally {
    await project.close();
  }
  return folder;
}
