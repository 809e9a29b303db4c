import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { unsealJson } from '../../storage/checksum';
import type { Project } from '../project';

/** Name of the membrane class, which the steps of the tests change. */
export const membraneOf = (project: Project): string | undefined =>
  project.classes.find(({ id }) => id === 2)?.name;

const Content = z.object({
  classes: z.array(z.object({ name: z.string() })),
  stepSequence: z.number(),
});

/** What project.json holds of the steps so far. */
export async function written(place: string): Promise<{ membrane: string; stepSequence: number }> {
  const content = Content.parse(unsealJson(await readFile(join(place, 'project.json'), 'utf8')));
  return { membrane: content.classes[1]?.name ?? '', stepSequence: content.stepSequence };
}
