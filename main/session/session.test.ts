import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePatch } from '#contract/label-patch-codec';
import { MEMBRANE } from '#contract/label-byte';
import { pixelUrl } from '#contract/pixel-url';
import { makeWorkplace, type Workplace } from './testing/running-services';
import { code, open, pixels, shape, stroke } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

describe('a stack', () => {
  it('gets its project on first sight and is known again after a restart', async () => {
    const path = await place.stack('brain.tif', shape);
    const first = await place.run();
    const view = await open(first, path);
    expect(view).toMatchObject({
      name: 'brain',
      access: { kind: 'read-write' },
      stack: { name: 'brain.tif', source: 'present', info: { ...shape, voxelSize: { x: 4 } } },
    });
    await first.quit();
    const again = await open(await place.run(), path);
    expect(again.id).toBe(view.id);
    expect(await readdir(join(place.folder, 'projects'))).toEqual(['brain.emproj']);
  });

  it('is known again under another name and in another folder', async () => {
    const path = await place.stack('brain.tif', shape);
    const app = await place.run();
    const { id } = await open(app, path);
    await app.quit();
    await mkdir(join(place.folder, 'moved'));
    const moved = join(place.folder, 'moved', 'renamed.tif');
    await rename(path, moved);
    const later = await place.run();
    expect((await open(later, moved)).id).toBe(id);
    await later.quit();
    // The project itself has learnt where the stack is now.
    const last = await open(await place.run(), join(place.folder, 'projects', 'brain.emproj'));
    expect(last.stack).toMatchObject({ name: 'renamed.tif', source: 'present' });
  });

  it('of the same name but another content gets a project of its own', async () => {
    const app = await place.run();
    const one = await open(app, await place.stack('brain.tif', shape, 1));
    await rm(join(place.folder, 'brain.tif'));
    const two = await open(app, await place.stack('brain.tif', shape, 2));
    expect(two.id).not.toBe(one.id);
    expect((await readdir(join(place.folder, 'projects'))).sort()).toEqual([
      'brain 2.emproj',
      'brain.emproj',
    ]);
  });

  it('that is damaged says why, and what was open stays open', async () => {
    const app = await place.run();
    const good = await open(app, await place.stack('good.tif', shape));
    const bad = join(place.folder, 'bad.tif');
    await writeFile(bad, 'this is not a TIFF file at all');
    await expect(open(app, bad)).rejects.toEqual(code('tiff.not-a-tiff'));
    expect(await readdir(join(place.folder, 'projects'))).toEqual(['good.emproj']);
    const url = pixelUrl({ kind: 'raw', stack: good.stack.id, z: 0, level: 0, tx: 0, ty: 0 });
    expect((await pixels(app, url)).kind).toBe('pixels');
  });
});

describe('a project', () => {
  it('keeps strokes, undo history, view, model and voxel size', async () => {
    const path = await place.stack('brain.tif', shape);
    const app = await place.run();
    const { stack } = await open(app, path);
    expect(await app.call('labels.append', { patch: stroke(1, 2, 0, 9) })).toEqual({ sequence: 1 });
    expect(await app.call('labels.append', { patch: stroke(2, 2, 520, 5) })).toEqual({
      sequence: 2,
    });
    const seen = {
      z: 2,
      zoom: 3,
      centre: { x: 9, y: 8 },
      window: { min: 1, max: 200 },
      threshold: 0.3,
    };
    await app.call('project.saveView', { view: seen });
    await app.call('project.setVoxelSize', {
      voxelSize: { x: 8, y: 8, z: 40, source: 'user' },
    });
    await app.quit();

    const later = await place.run();
    const view = await open(later, path);
    expect(view).toMatchObject({ lastSequence: 2, view: seen, coverage: [{ z: 2, painted: 14 }] });
    expect(view.stack.info.voxelSize).toEqual({ x: 8, y: 8, z: 40, source: 'user' });
    expect(await later.call('project.history', { bytes: 1e6 })).toHaveLength(2);
    const at = { project: view.id, stack: stack.id, layer: view.layer };
    const labels = await pixels(later, pixelUrl({ kind: 'labels', ...at, z: 2, tx: 0, ty: 0 }));
    if (labels.kind === 'empty') throw new Error('labels are gone');
    expect(labels.bytes.reduce((sum, value) => sum + Number(value === MEMBRANE), 0)).toBe(14);
  });

  it('tells the reviewed pixels of a slice as they change', async () => {
    const app = await place.run();
    await open(app, await place.stack('brain.tif', shape));
    await app.call('labels.append', { patch: stroke(1, 1, 10, 7) });
    await expect
      .poll(() => app.heard('labels.coverage'))
      .toEqual([{ stack: 'stack-1', slices: [{ z: 1, painted: 7, confirmed: 0 }] }]);
  });

  it('keeps named versions, and says what to paint to go back to one', async () => {
    const app = await place.run();
    await open(app, await place.stack('brain.tif', shape));
    await app.call('labels.append', { patch: stroke(1, 0, 0, 9) });
    const saved = await app.call('versions.save', { name: '  Before lunch ' });
    expect(saved).toMatchObject({ number: 1, name: 'Before lunch', slices: 1, painted: 9 });
    await app.call('labels.append', { patch: stroke(2, 1, 0, 7) });
    const { patches } = await app.call('versions.restore', { version: 1 });
    expect(patches.map((patch) => decodePatch(patch))).toMatchObject([
      { z: 1, sequence: 3, name: 'Restore Before lunch' },
    ]);
    expect(await app.call('versions.list', null)).toEqual([saved]);
  });

  it('is offered again when the page is loaded again', async () => {
    const path = await place.stack('brain.tif', shape);
    const app = await place.run();
    await app.services.offerAtStart([path, join(place.folder, 'missing.tif')]);
    const [waiting] = (await app.call('app.info', null)).opening;
    expect(waiting).toMatchObject({ name: 'brain.tif', kind: 'stack' });
    app.services.windowReady();
    expect(app.heard('files.refused').map(({ error }) => error.code)).toEqual(['file.not-found']);
    if (waiting === undefined) throw new Error('nothing waits');
    const view = await app.call('project.open', { grant: waiting.id });
    const [again] = (await app.call('app.info', null)).opening;
    expect(again).toMatchObject({ name: 'brain.emproj', kind: 'project' });
    if (again === undefined) throw new Error('nothing waits');
    expect((await app.call('project.open', { grant: again.id })).id).toBe(view.id);
  });

  it('stands among the recent ones, without a path', async () => {
    const app = await place.run();
    await open(app, await place.stack('brain.tif', shape));
    const [item] = await app.call('recent.list', null);
    expect(item).toMatchObject({
      name: 'brain',
      kind: 'project',
      detail: 'brain.tif · 70 × 40 × 3',
      done: { slices: 3, segmented: 0, corrected: 0 },
    });
    expect(JSON.stringify(item)).not.toContain(place.folder);
    await app.call('labels.append', { patch: stroke(1, 2, 0, 9) });
    await app.call('project.close', null);
    if (item === undefined) throw new Error('none');
    const [closed] = await app.call('recent.list', null);
    expect(closed?.done).toEqual({ slices: 3, segmented: 0, corrected: 1 });
    expect((await app.call('project.open', { grant: item.grant })).name).toBe('brain');
    await app.call('recent.clear', null);
    expect(await app.call('recent.list', null)).toEqual([]);
  });
});

describe('diagnostics', () => {
  it('tell versions, settings and figures, and no folder', async () => {
    const app = await place.run();
    await open(app, await place.stack('brain.tif', shape));
    const path = join(place.folder, 'report.txt');
    app.chosen.push(path);
    expect(await app.call('app.saveDiagnostics', null)).toEqual({
      saved: true,
      name: 'report.txt',
    });
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"size": "70 x 40 x 3"');
    expect(text).toContain('the last line');
    expect(text).not.toContain(place.folder);
    expect(await app.call('app.saveDiagnostics', null)).toEqual({ saved: false, name: '' });
  });
});
