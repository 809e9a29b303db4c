import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from './app-driver';

const Project = z.object({
  view: z.object({
    z: z.number(),
    gamma: z.number(),
    layers: z.object({ uncertainty: z.object({ visible: z.boolean() }) }),
    hand: z.object({ tool: z.string() }).nullable(),
  }),
});

/** What is looked at, as the project on the disk has it: it follows the window a moment later. `project`: the name of its folder. */
export async function keptView(
  home: Home,
  project: string,
): Promise<z.infer<typeof Project>['view']> {
  const text = await readFile(join(home.projects, project, 'project.json'), 'utf8');
  return Project.parse(JSON.parse(text)).view;
}
