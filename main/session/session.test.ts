import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePatch, encodePatch } from '#contract/label-patch-codec';
import { MEMBRANE, painted } from '#contract/label-byte';
import { StackId } from '#contract/ids';
import { parsePixelUrl, pixelUrl } from '#contract/pixel-url';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

const shape = { width: 70, height: 40, depth: 3 };
const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });
const never = new AbortController().signal;

/** Opens a file as the window does: it is offered, and its grant opened. */
async function open(app: RunningServices, path: string) {
  await app.services.offer([path], 'drop');
  const grant = app.heard('files.offered').at(-1)?.grants[0];
  if (grant === undefined) throw new Error(`${path} was not offered`);
  return app.call('project.open', { grant: grant.id });
}

function stroke(sequence: number, z: number, start: number, length: number) {
  return encodePatch({
    stack: StackId.parse('stack-1'),
    layer: 'membranes',
    element: 'uint8',
    z,
    sequence,
    action: 'do',
    name: 'Brush',
    tiles: [
      {
        tx: 0,
        ty: 0,
        runs: Uint32Array.of(start, length),
        before: { kind: 'uniform', value: 0 },
        after: { kind: 'uniform', value: painted(MEMBRANE) },
      },
    ],
  });
}

async function pixels(app: RunningServices, url: string) {
  const request = parsePixelUrl(url);
  if (request === null) throw new Error(url);
  return app.services.pixels.read(request, never);
}

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
    await app.call('project.saveView', seen);
    await app.call('project.setVoxelSize', { x: 8, y: 8, z: 40, source: 'user' });
    await app.quit();

    const later = await place.run();
    const view = await open(later, path);
    expect(view).toMatchObject({ lastSequence: 2, view: seen, coverage: [{ z: 2, painted: 14 }] });
    expect(view.stack.info.voxelSize).toEqual({ x: 8, y: 8, z: 40, source: 'user' });
    expect(await later.call('project.history', { bytes: 1e6 })).toHaveLength(2);
    const labels = await pixels(
      later,
      pixelUrl({ kind: 'labels', stack: stack.id, z: 2, tx: 0, ty: 0 }),
    );
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
    });
    expect(JSON.stringify(item)).not.toContain(place.folder);
    await app.call('project.close', null);
    if (item === undefined) throw new Error('none');
    expect((await app.call('project.open', { grant: item.grant })).name).toBe('brain');
    await app.call('recent.clear', null);
    expect(await app.call('recent.list', null)).toEqual([]);
  });
});

describe('pixels', () => {
  it('are those of the file, padded to whole tiles', async () => {
    const app = await place.run();
    const { stack } = await open(
      app,
      await place.stack('wide.tif', { width: 600, height: 9, depth: 1 }),
    );
    const raw = { kind: 'raw' as const, stack: stack.id, z: 0, level: 0, ty: 0 };
    const tile = await pixels(app, pixelUrl({ ...raw, tx: 1 }));
    if (tile.kind === 'empty') throw new Error('empty');
    expect(tile).toMatchObject({
      element: 'uint8',
      width: TILE_SIZE,
      height: TILE_SIZE,
      badBlocks: false,
    });
    expect(tile.bytes).toHaveLength(TILE_PIXELS);
    expect(tile.bytes[0]).toBe((512 * 7 + 13) & 255);
    expect(tile.bytes.subarray(88, TILE_SIZE).every((value) => value === 0)).toBe(true);
    const thumbnail = await pixels(app, pixelUrl({ kind: 'thumbnail', stack: stack.id, z: 0 }));
    expect(thumbnail).toMatchObject({ kind: 'pixels', element: 'uint8', width: 150 });
    await expect(pixels(app, pixelUrl({ ...raw, tx: 2 }))).rejects.toEqual(
      code('stack.slice-out-of-range'),
    );
  });

  it('are empty where nothing was painted or predicted', async () => {
    const app = await place.run();
    const { stack } = await open(app, await place.stack('brain.tif', shape));
    expect(
      await pixels(app, pixelUrl({ kind: 'labels', stack: stack.id, z: 0, tx: 0, ty: 0 })),
    ).toEqual({
      kind: 'empty',
    });
    expect(await pixels(app, `em-pixels://probability/${stack.id}/m-1/0/0/0/0`)).toEqual({
      kind: 'empty',
    });
  });
});

describe('a label stack', () => {
  const labelled = async (name: string, depth: number, value: (i: number) => number) => {
    const { createTiffWriter } = await import('#main/stacks/tiff/tiff-writer');
    const path = join(place.folder, name);
    const voxelSize = { x: 4, y: 4, z: 50, source: 'file' as const };
    const writer = await createTiffWriter(path, {
      width: 70,
      height: 40,
      type: 'uint8',
      voxelSize,
    });
    for (let z = 0; z < depth; z += 1)
      await writer.append(Uint8Array.from({ length: 2800 }, (_, i) => value(i)));
    await writer.finish();
    return path;
  };
  const inspect = async (app: RunningServices, image: string, labels: string) => {
    await app.services.offer([image], 'drop');
    const [grant] = app.heard('files.offered').at(-1)?.grants ?? [];
    app.chosen.push(labels);
    const chosen = await app.call('dialog.open', { kind: 'labels' });
    if (!grant || !chosen) throw new Error('no grants');
    return app.call('train.inspectLabels', { image: grant.id, labels: chosen.id });
  };

  it('is told by its values, with the membrane and the split suggested', async () => {
    const app = await place.run();
    const image = await place.stack('brain.tif', { ...shape, depth: 6 });
    const labels = await labelled('labels.tif', 6, (i) => (i % 5 === 0 ? 0 : 255));
    expect(await inspect(app, image, labels)).toEqual({
      width: 70,
      height: 40,
      depth: 6,
      values: [
        { value: 255, fraction: 0.8 },
        { value: 0, fraction: 0.2 },
      ],
      suggestedMembrane: 0,
      suggestedTrain: '0-4',
      suggestedValidate: '5',
    });
  });

  it('of another size, or of one value, is refused by name', async () => {
    const app = await place.run();
    const image = await place.stack('brain.tif', shape);
    await expect(inspect(app, image, await labelled('more.tif', 4, (i) => i & 1))).rejects.toEqual(
      expect.objectContaining({
        code: 'stack.shape-mismatch',
        message: 'more.tif is 70 × 40 × 4, but brain.tif is 70 × 40 × 3.',
      }),
    );
    await expect(inspect(app, image, await labelled('one.tif', 3, () => 255))).rejects.toEqual(
      code('labels.one-class'),
    );
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
