import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { greyPng, greyTiff } from '../stacks/slices/testing/pictures';
import { writeImage } from '../stacks/zarr/testing/zarr-folder';
import { makeWorkplace, type Workplace } from './testing/running-services';
import { code, open, shape, stroke } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

const { width, height, depth } = shape;
const value = (x: number, y: number, z: number): number => (x * 3 + y * 7 + z * 50) & 255;

async function slices(folder: string, make: typeof greyPng, ending: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let z = 0; z < depth; z += 1)
    await writeFile(
      join(folder, `s${z}.${ending}`),
      make(width, height, (x, y) => value(x, y, z)),
    );
}

const kinds: readonly [string, string, (folder: string) => Promise<void>][] = [
  ['PNG slices', 'brain', (folder) => slices(folder, greyPng, 'png')],
  ['TIFF slices', 'brain', (folder) => slices(folder, greyTiff, 'tif')],
  [
    'an OME-Zarr',
    'brain.ome.zarr',
    (folder) =>
      writeImage(folder, [
        {
          format: 2,
          shape: [depth, height, width],
          chunk: [2, 32, 32],
          type: 'uint8',
          value: ([z = 0, y = 0, x = 0]) => value(x, y, z),
        },
      ]),
  ],
];

describe.each(kinds)('a project of a folder: %s', (_, name, make) => {
  it('comes back with its labels, is found where the folder went, and leaves nothing in it', async () => {
    const folder = join(place.folder, 'data', name);
    await make(folder);
    const before = await readdir(folder, { recursive: true });
    const app = await place.run();
    const view = await open(app, folder);
    expect(view).toMatchObject({ name: 'brain', stack: { source: 'present', info: { depth } } });
    expect(await app.call('stack.statistics', { stack: view.stack.id, z: 1 })).toMatchObject({
      min: 0,
    });
    await app.call('labels.append', { patch: stroke(1, 0, 0, 9) });
    await app.quit();
    expect(await readdir(folder, { recursive: true })).toEqual(before);

    const project = join(place.folder, 'projects', 'brain.emproj');
    const again = await place.run();
    expect(await open(again, project)).toMatchObject({
      id: view.id,
      stack: { source: 'present' },
      coverage: [{ z: 0, painted: 9 }],
    });
    await again.quit();

    const moved = join(place.folder, `moved ${name}`);
    await rename(folder, moved);
    const later = await place.run();
    expect(await open(later, project)).toMatchObject({ stack: { source: 'missing' } });
    expect(await open(later, moved)).toMatchObject({ id: view.id, stack: { source: 'present' } });
  });
});

it('a folder that gained a slice is another stack, and its project says so', async () => {
  const folder = join(place.folder, 'brain');
  await slices(folder, greyPng, 'png');
  const app = await place.run();
  const view = await open(app, folder);
  await app.quit();
  await rm(join(folder, 's0.png'));
  await writeFile(
    join(folder, 's9.png'),
    greyPng(width, height, (x, y) => value(x, y, 9)),
  );
  const later = await place.run();
  const project = join(place.folder, 'projects', 'brain.emproj');
  expect(await open(later, project)).toMatchObject({ id: view.id, stack: { source: 'changed' } });
});

it('a folder without a stack is refused by name, and a grant to it opens nothing else', async () => {
  const folder = join(place.folder, 'photos');
  await mkdir(folder);
  const app = await place.run();
  app.chosen.push(folder);
  const grant = await app.call('dialog.open', { kind: 'stack-folder' });
  expect(grant).toMatchObject({ kind: 'stack', name: 'photos' });
  await expect(app.call('project.open', { grant: grant!.id })).rejects.toEqual(
    code('stack.no-image'),
  );
});
