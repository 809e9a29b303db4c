import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Arrangement } from '#contract/entities';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { open, shape } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

const arrange = (app: RunningServices, sequence: number, before: Arrangement, after: Arrangement) =>
  app.call('project.apply', {
    step: { sequence, action: 'do', name: 'Change', change: { kind: 'layers', before, after } },
  });

it('makes a project of its own for a stack that was removed from another, and leaves that one free', async () => {
  const [first, second] = [await place.stack('a.tif', shape), await place.stack('b.tif', shape, 2)];
  const app = await place.run();
  const { arrangement: one } = await open(app, first);
  app.chosen.push(second);
  const grant = await app.call('dialog.open', { kind: 'stack' });
  const added = await app.call('layers.addStack', { grant: grant?.id ?? '' });
  await arrange(app, 1, one, [...one, added]);
  await app.quit();
  const again = await place.run();
  await open(again, first);
  await arrange(again, 2, [...one, added], one);
  // What a crash leaves: the journal knows of the removal, project.json does not yet.
  const folder = join(place.folder, 'projects', 'a.emproj');
  await cp(folder, `${folder}-crashed`, { recursive: true });
  await again.quit();
  await rm(folder, { recursive: true });
  await rename(`${folder}-crashed`, folder);
  await rm(join(folder, 'lock'), { recursive: true, force: true });

  const later = await place.run();
  expect(await open(later, second)).toMatchObject({ name: 'b', access: { kind: 'read-write' } });
  expect((await open(later, first)).access).toEqual({ kind: 'read-write' });
});
