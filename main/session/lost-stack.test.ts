import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './testing/running-services';
import { code, open, shape, stroke } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

describe('a project', () => {
  it('whose stack is gone opens with its labels and says where the next step is', async () => {
    const path = await place.stack('brain.tif', shape);
    const app = await place.run();
    await open(app, path);
    await app.call('labels.append', { patch: stroke(1, 0, 0, 9) });
    await app.quit();
    await rename(path, join(place.folder, 'elsewhere.tif'));
    const later = await place.run();
    const view = await open(later, join(place.folder, 'projects', 'brain.emproj'));
    expect(view).toMatchObject({ stack: { source: 'missing' }, coverage: [{ z: 0, painted: 9 }] });
    await expect(later.call('stack.statistics', { stack: view.stack.id, z: 0 })).rejects.toEqual(
      code('project.source-missing'),
    );
    const found = await open(later, join(place.folder, 'elsewhere.tif'));
    expect(found).toMatchObject({ id: view.id, stack: { source: 'present' } });
  });

  it('whose stack was replaced by another of its shape shows that one and says so', async () => {
    const path = await place.stack('brain.tif', shape, 1);
    const app = await place.run();
    await open(app, path);
    await app.quit();
    await copyFile(await place.stack('other.tif', shape, 2), path);
    const view = await open(await place.run(), join(place.folder, 'projects', 'brain.emproj'));
    expect(view.stack.source).toBe('changed');
  });

  it('finds its stack again when the user shows where it is, and refuses another unless told to', async () => {
    const path = await place.stack('brain.tif', shape, 1);
    const first = await place.run();
    await open(first, path);
    await first.quit();
    await rename(path, join(place.folder, 'moved.tif'));
    const app = await place.run();
    await open(app, join(place.folder, 'projects', 'brain.emproj'));
    const choose = async (file: string) => {
      app.chosen.push(file);
      const grant = await app.call('dialog.open', { kind: 'stack' });
      if (!grant) throw new Error('no grant');
      return grant.id;
    };
    const small = await choose(await place.stack('small.tif', { ...shape, depth: 2 }));
    await expect(app.call('project.relink', { grant: small, acceptOther: true })).rejects.toEqual(
      code('stack.shape-mismatch'),
    );
    const other = await choose(await place.stack('other.tif', shape, 2));
    expect(await app.call('project.relink', { grant: other, acceptOther: false })).toEqual({
      kind: 'other-file',
      name: 'other.tif',
    });
    const right = await choose(join(place.folder, 'moved.tif'));
    expect(await app.call('project.relink', { grant: right, acceptOther: false })).toMatchObject({
      kind: 'relinked',
      project: { stack: { source: 'present', name: 'moved.tif' } },
    });
    expect(await app.call('project.relink', { grant: other, acceptOther: true })).toMatchObject({
      kind: 'relinked',
      project: { stack: { name: 'other.tif' } },
    });
    await app.quit();
    const view = await open(await place.run(), join(place.folder, 'projects', 'brain.emproj'));
    expect(view.stack).toMatchObject({ source: 'present', name: 'other.tif' });
  });

  it('that moved together with its stack opens as if nothing had happened', async () => {
    const path = await place.stack('brain.tif', shape);
    const app = await place.run();
    await open(app, path);
    await app.quit();
    const away = join(place.folder, 'another disk');
    await mkdir(join(away, 'projects'), { recursive: true });
    await rename(path, join(away, 'brain.tif'));
    const folder = join(away, 'projects', 'brain.emproj');
    await rename(join(place.folder, 'projects', 'brain.emproj'), folder);
    const view = await open(await place.run(), folder);
    expect(view.stack).toMatchObject({ source: 'present', name: 'brain.tif' });
  });

  it('whose folder was moved while it is open opens for writing where it is now, with every stroke', async () => {
    const path = await place.stack('brain.tif', shape);
    const app = await place.run();
    await open(app, path);
    await app.call('labels.append', { patch: stroke(1, 0, 0, 9) });
    const folder = join(place.folder, 'projects', 'brain.emproj');
    const moved = join(place.folder, 'projects', 'moved.emproj');
    await rename(folder, moved);
    await app.call('labels.append', { patch: stroke(2, 0, 20, 9) });
    const view = await open(app, moved);
    expect(view).toMatchObject({
      access: { kind: 'read-write' },
      lastSequence: 2,
      coverage: [{ z: 0, painted: 18 }],
    });
    await app.call('labels.append', { patch: stroke(3, 0, 40, 9) });
    await app.quit();
    const later = await open(await place.run(), moved);
    expect(later).toMatchObject({ lastSequence: 3, coverage: [{ z: 0, painted: 27 }] });
  });
});
