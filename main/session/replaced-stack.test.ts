import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pixelUrl } from '#contract/pixel-url';
import { imageTags, tiffBytes } from '#main/stacks/tiff/testing/tiff-bytes';
import { makeWorkplace, type Workplace } from './testing/running-services';
import { code, open, pixels, shape } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

it('shows nothing of a file that took the place of the open one, says so once, and goes on when the first is back', async () => {
  const app = await place.run();
  const path = await place.stack('brain.tif', shape);
  const kept = join(place.folder, 'kept.tif');
  await copyFile(path, kept);
  const { stack } = await open(app, path);
  const tile = (z: number) =>
    pixels(app, pixelUrl({ kind: 'raw', stack: stack.id, z, level: 0, tx: 0, ty: 0 }));
  const first = await tile(0);

  await rename(await place.stack('other.tif', shape, 5), path);
  // What was read before stays valid; nothing of the other file comes.
  expect(await tile(0)).toEqual(first);
  for (const z of [1, 2]) await expect(tile(z)).rejects.toEqual(code('file.changed'));
  await expect(pixels(app, pixelUrl({ kind: 'thumbnail', stack: stack.id, z: 2 }))).rejects.toEqual(
    code('file.changed'),
  );
  expect(app.heard('stack.changed')).toMatchObject([
    { stack: stack.id, error: { code: 'file.changed', data: { file: 'brain.tif' } } },
  ]);

  await rename(kept, path);
  expect((await tile(1)).kind).toBe('pixels');
});

it('opens a file anew of which only the middle is another one', async () => {
  const app = await place.run();
  // A project knows a file by its first and last MiB.
  const side = 1024;
  const grey = (middle: number): Uint8Array =>
    tiffBytes({
      pages: [1, middle, 3, 4].map((value) => ({
        tags: imageTags({ width: side, height: side }),
        blocks: [new Uint8Array(side * side).fill(value)],
      })),
    });
  const path = join(place.folder, 'brain.tif');
  await writeFile(path, grey(2));
  const view = await open(app, path);
  const tile = () =>
    pixels(app, pixelUrl({ kind: 'raw', stack: view.stack.id, z: 1, level: 0, tx: 1, ty: 1 }));
  const before = await tile();
  await writeFile(path, grey(7));
  const again = await open(app, path);
  expect(again.id).toBe(view.id);
  expect(await tile()).not.toEqual(before);
});
