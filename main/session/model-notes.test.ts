import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProjectView } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { limits } from '#contract/limits';
import { writeModel } from '#main/models/model-folder';
import { sealJson, unsealJson } from '#main/storage/checksum';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';

const general = ModelId.parse('general');
const other = ModelId.parse('other');

let place: Workplace;
let app: RunningServices;
let stack: string;
beforeEach(async () => {
  place = await makeWorkplace();
  for (const id of [general, other])
    await writeModel(
      join(place.folder, 'resources', 'models', id),
      {
        ...{ id, name: id, origin: 'bundled', parent: null, created: '2026-01-01T00:00:00Z' },
        ...{ network: {}, baseFilters: 8, normalisation: 'z-score-per-slice', pixelSize: null },
        ...{
          conditioning: null,
          thresholds: { topology: 0.2, pixel: 0.5 },
          classes: [],
          scores: null,
        },
        ...{ scoresNote: '', training: null, licence: '', citation: '' },
        status: { kind: 'accepted', reason: '' },
      },
      Float32Array.of(1),
    );
  stack = await place.stack('tissue.tif', { width: 40, height: 30, depth: 2 });
  app = await place.run();
});
afterEach(() => place.remove());

async function open(): Promise<ProjectView> {
  await app.services.offer([stack], 'drop');
  const grant = app.heard('files.offered').at(-1)?.grants[0]?.id;
  if (grant === undefined) throw new Error('nothing was offered');
  return app.call('project.open', { grant });
}

/** project.json of the only project, changed by hand and sealed again. */
async function rewrite(change: (content: Record<string, unknown>) => void): Promise<void> {
  const path = join(place.folder, 'projects', 'tissue.emproj', 'project.json');
  const content = unsealJson(await readFile(path, 'utf8'));
  if (content === null) throw new Error('project.json has no seal');
  change(content);
  await writeFile(path, sealJson(content));
}

it('a note to a version is there after a restart, changes, and goes with an empty text', async () => {
  await open();
  expect(await app.call('models.notes', null)).toEqual([]);
  const text = 'Before the vesicles.\nKeeps thin walls – 薄い壁 – better.';
  await app.call('models.setNote', { note: { model: general, text } });
  await app.call('models.setNote', { note: { model: other, text: '  ISBI only  ' } });
  await app.quit();
  app = await place.run();
  await open();
  expect(await app.call('models.notes', null)).toEqual([
    { model: general, text },
    { model: other, text: 'ISBI only' },
  ]);
  const changed = await app.call('models.setNote', { note: { model: general, text: 'Better.' } });
  expect(changed).toContainEqual({ model: general, text: 'Better.' });
  expect(await app.call('models.setNote', { note: { model: other, text: ' \n ' } })).toEqual([
    { model: general, text: 'Better.' },
  ]);
});

it('a note that is too long, or to a version that is not there, changes nothing', async () => {
  await open();
  await app.call('models.setNote', { note: { model: general, text: 'Kept.' } });
  const long = 'x'.repeat(limits.note + 1);
  await expect(
    app.call('models.setNote', { note: { model: general, text: long } }),
  ).rejects.toThrow();
  const stranger = { model: ModelId.parse('m-gone'), text: 'Who?' };
  await expect(app.call('models.setNote', { note: stranger })).rejects.toMatchObject({
    code: 'model.not-found',
  });
  expect(await app.call('models.notes', null)).toEqual([{ model: general, text: 'Kept.' }]);
});

it('a project that another process holds shows its notes and takes none', async () => {
  await open();
  await app.call('models.setNote', { note: { model: general, text: 'Kept.' } });
  const second = await place.run();
  await second.services.offer([join(place.folder, 'projects', 'tissue.emproj')], 'drop');
  const grant = second.heard('files.offered').at(-1)?.grants[0]?.id;
  if (grant === undefined) throw new Error('nothing was offered');
  expect((await second.call('project.open', { grant })).access.kind).toBe('read-only');
  expect(await second.call('models.notes', null)).toEqual([{ model: general, text: 'Kept.' }]);
  await expect(
    second.call('models.setNote', { note: { model: general, text: 'Mine.' } }),
  ).rejects.toMatchObject({ code: 'project.read-only' });
  await second.quit();
});

it.each([
  ['from before there were notes', undefined, []],
  ['whose notes are rubbish', [{ model: '../x', text: 'a' }, 7, { model: 'general' }], []],
  [
    'with one note too long for a note',
    [
      { model: 'general', text: 'y'.repeat(limits.note + 1) },
      { model: 'other', text: 'Kept.' },
    ],
    [{ model: 'other', text: 'Kept.' }],
  ],
])('a project %s opens', async (_, stored, expected) => {
  await open();
  await app.quit();
  await rewrite((content) => {
    if (stored === undefined) delete content['modelNotes'];
    else content['modelNotes'] = stored;
  });
  app = await place.run();
  const view = await open();
  expect(view.access.kind).toBe('read-write');
  expect(view.recovery).toBeNull();
  expect(await app.call('models.notes', null)).toEqual(expected);
});
