import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { z } from 'zod';
import { writeSealed } from './bad-files';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { storyProject, storyStack, writeStoryStack } from './story-stack';
import { ENGINE_MS, Workspace } from './workspace';

const Engines = z.object({ machines: z.array(z.object({ probed: z.string().nullable() })) });

const StackEntry = z.looseObject({ conditioning: z.unknown(), trust: z.unknown() });
const Project = z.looseObject({
  stacks: z.tuple([StackEntry]),
  view: z.looseObject({}),
});

async function projectOf(folder: string): Promise<z.infer<typeof Project>> {
  return Project.parse(JSON.parse(await readFile(join(folder, 'project.json'), 'utf8')));
}

/** The engines of this machine have all been probed. */
async function probed({ userData }: Home): Promise<boolean> {
  const text = await readFile(join(userData, 'engines.json'), 'utf8').catch(() => null);
  if (text === null) return false;
  return Engines.parse(JSON.parse(text)).machines.some((machine) => machine.probed !== null);
}

async function open(home: Home): Promise<RunningApp> {
  const app = await launchApp({ home, files: [storyStack] });
  await new Workspace(app.page).opened();
  return app;
}

/**
 * Lets the app learn once what it learns at its first start and at the first
 * segmentation of a stack, and hands it to the stories: what the engines of
 * this machine are worth, and a project of the story stack in which nothing was
 * done yet, but how the model sees it best and how far it can be trusted there
 * is measured. Measured again in each story, they took a third of the time.
 */
export default async function knowBefore(): Promise<() => Promise<void>> {
  await writeStoryStack();
  const folder = await mkdtemp(join(tmpdir(), 'membrana-known-'));
  const home = await makeHome('nothing');
  const made = join(home.projects, storyProject);
  const known = join(folder, storyProject);

  let app = await open(home);
  await expect.poll(() => probed(home), { timeout: ENGINE_MS }).toBe(true);
  await app.close();
  await cp(made, known, { recursive: true });

  app = await open(home);
  const work = new Workspace(app.page);
  await work.dismissCards();
  await work.segment();
  const measured = async () => (await projectOf(made)).stacks[0];
  await expect.poll(async () => (await measured()).trust, { timeout: ENGINE_MS }).not.toBeNull();
  await app.close();

  const { conditioning, trust } = await measured();
  const { stacks, view, ...project } = await projectOf(known);
  // As at the first opening: the whole slice, its own contrast.
  const fresh = { ...view, z: 0, zoom: null, centre: null, window: null };
  const entry = { ...stacks[0], conditioning, trust };
  const content = { ...project, stacks: [entry], view: fresh };
  await writeSealed(join(known, 'project.json'), content);
  await cp(join(home.userData, 'engines.json'), join(folder, 'engines.json'));
  await home.remove();
  process.env['MEMBRANA_KNOWN'] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
