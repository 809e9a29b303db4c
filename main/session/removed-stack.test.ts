import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Arrangement } from '#contract/entities';
import { pixelUrl } from '#contract/pixel-url';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { open, pixels, shape, stroke } from './testing/window-steps';

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

it('shows a stack that is listed where the one in view was removed and the window comes back', async () => {
  const [first, second] = [await place.stack('a.tif', shape), await place.stack('b.tif', shape, 2)];
  const app = await place.run();
  const { arrangement: one, stack, layer, id } = await open(app, first);
  app.chosen.push(second);
  const grant = await app.call('dialog.open', { kind: 'stack' });
  const added = await app.call('layers.addStack', { grant: grant?.id ?? '' });
  await arrange(app, 1, one, [...one, added]);
  const key = { stack: added.id, layer: added.layers[0]?.id ?? '' };
  await app.call('layers.choose', { key });
  // The window ends before it has left the stack that this takes away.
  await arrange(app, 2, [...one, added], one);
  const view = await app.call('project.resume', { project: id });
  expect([view.stack.id, view.layer, view.lastSequence]).toEqual([stack.id, layer, 2]);
  // What is painted now is saved, not refused for ever.
  const at = { project: id, stack: stack.id, layer };
  const tile = pixelUrl({ kind: 'labels', ...at, z: 0, tx: 0, ty: 0 });
  expect(await app.call('labels.append', { patch: stroke(3, 0, 5, 9) })).toEqual({ sequence: 3 });
  expect((await pixels(app, tile)).kind).toBe('pixels');
  // Pointed at, the removed stack gets a project of its own.
  expect((await open(app, second)).name).toBe('b');
});
