import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openProject } from './project-store';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  randomStroke,
  seeded,
  temporaryFolder,
} from './testing/sample-project';

it('strokes of a process that had lost the project are added on top, once, and undo knows them', async () => {
  const { folder, remove } = await temporaryFolder();
  const place = join(folder, 'Merged.emproj');
  const naive = new NaiveLabels();
  const loser = await newProject(place);
  await rm(join(place, 'lock'), { recursive: true });
  const taker = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
  for (const n of [1, 2, 3])
    await expect(loser.labels.append(randomStroke(seeded(40 + n), n))).rejects.toMatchObject({
      code: 'project.taken-over',
      data: { keptAside: true },
    });
  await loser.close();
  naive.apply(randomPatch(seeded(1), 1));
  await taker.labels.append(randomStroke(seeded(1), 1));
  await taker.close();

  let project = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
  expect(project.recovery).toMatchObject({ strokesAside: 3 });
  expect(project.recovery?.message).toContain('3 strokes painted after another process');
  expect(await differingSlices(project, naive)).toEqual([]);
  expect(await project.mergeAside()).toEqual({ strokes: 3, left: 0 });
  for (const n of [1, 2, 3]) naive.apply(randomPatch(seeded(40 + n), n));
  expect(await differingSlices(project, naive)).toEqual([]);
  expect(await project.history(1 << 20)).toHaveLength(4);
  expect(await project.mergeAside()).toEqual({ strokes: 0, left: 0 });
  await project.close();

  project = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
  expect(project.recovery).toBeNull();
  expect(await differingSlices(project, naive)).toEqual([]);
  await project.close();
  expect((await readdir(join(place, 'journal'))).some((name) => name.startsWith('merged-'))).toBe(
    true,
  );
  await remove();
});
