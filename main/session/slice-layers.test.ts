import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import { parseSliceUrl, sliceUrl, type MapLayer } from '#contract/slice-url';
import { levelCount, sizeAtLevel, tileCount, tilesOf } from '#contract/tiles';
import { openProject } from '#main/project/project-store';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { open, pixels } from './testing/window-steps';

const model = ModelId.parse('model-1');
const other = ModelId.parse('model-2');
const [width, height, depth] = [1300, 700, 3];
const { signal } = new AbortController();
const maps: readonly MapLayer[] = [
  { model, class: null },
  { model: other, class: null },
  { model, class: 2 },
];

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

const noise = (seed: number): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length: width * height }, () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state >>> 24;
  });
};

/** The app with a stack open, whose slices 0 and 2 have maps; and the folder of its project. */
async function withMaps(): Promise<{ app: RunningServices; folder: string }> {
  const path = await place.stack('wide.tif', { width, height, depth });
  const first = await place.run();
  await open(first, path);
  await first.quit();
  const projects = join(first.folder, 'projects');
  const folder = join(projects, (await readdir(projects))[0] ?? '');
  const project = await openProject(folder, { readOnlyIfLocked: false });
  for (const z of [0, 2])
    await project.predictions.write(model, z, noise(z + 1), undefined, [
      { id: 2, probability: noise(z + 5) },
    ]);
  await project.close();
  return { app: await place.run(), folder };
}

async function layersOf(app: RunningServices, stack: string, z: number, level: number) {
  const block = {
    tx: 0,
    ty: 0,
    across: tileCount(sizeAtLevel(width, level)),
    down: tileCount(sizeAtLevel(height, level)),
  };
  const request = parseSliceUrl(
    sliceUrl({ stack: stack as never, z, level, block, raw: true, maps }),
  );
  if (request === null) throw new Error('no such slice');
  return { block, layers: await app.services.pixels.slice(request, signal) };
}

it('a part of a slice has the bytes of its tiles, raw and of every map, at every level', async () => {
  const { app, folder } = await withMaps();
  const { stack } = await open(app, folder);
  for (const z of [0, 1])
    for (let level = 0; level < levelCount(width, height); level += 1) {
      const { block, layers } = await layersOf(app, stack.id, z, level);
      const at = { stack: stack.id, z, level };
      const urls = [
        (tile: { tx: number; ty: number }) => pixelUrl({ kind: 'raw', ...at, ...tile }),
        ...maps.map(
          (map) => (tile: { tx: number; ty: number }) =>
            pixelUrl({ kind: 'probability', ...at, model: map.model, ...tile }),
        ),
      ];
      expect(layers.map((layer) => layer === null)).toEqual([false, z === 1, true, z === 1]);
      for (const [i, url] of urls.slice(0, 2).entries()) {
        const tiles = await Promise.all(tilesOf(block).map((tile) => pixels(app, url(tile))));
        const bytes = tiles.map((tile) => (tile.kind === 'empty' ? new Uint8Array(0) : tile.bytes));
        const found = layers[i]?.bytes ?? new Uint8Array(0);
        expect(Buffer.concat(bytes).equals(found)).toBe(true);
      }
    }
});

it('a damaged map is left out of the answer, and no other', async () => {
  const { app, folder } = await withMaps();
  const { stack } = await open(app, folder);
  const path = join(folder, 'predictions', stack.id, model);
  const [file = ''] = (await readdir(path)).filter((name) => /^z0+2\.map$/.test(name));
  const bytes = await readFile(join(path, file));
  // In the last stream of level 0, which is the largest part of the file.
  const at = Math.floor(bytes.length * 0.6);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(join(path, file), bytes);
  const { layers } = await layersOf(app, stack.id, 2, 0);
  expect(layers.map((layer) => layer === null)).toEqual([false, true, true, false]);
  const again = await layersOf(app, stack.id, 0, 0);
  expect(again.layers[1]).not.toBeNull();
});
