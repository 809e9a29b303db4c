import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import type { PlaneLayer } from '#contract/plane-url';
import { planeExtent, voxelOf, type PlaneAxis } from '#contract/planes';
import { TILE_SIZE } from '#contract/tiles';
import { openProject } from '#main/project/project-store';
import { greyPng } from '#main/stacks/slices/testing/pictures';
import { imageTags, tiffBytes } from '#main/stacks/tiff/testing/tiff-bytes';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { code, open, pixels, stroke } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

/** More slices and columns than a tile, so that planes have two tiles along both. */
const size = { width: 530, height: 21, depth: 520 };
/** What `place.stack` writes. */
const value = (x: number, y: number, z: number): number =>
  ((y * size.width + x) * 7 + z * 31 + 13) & 255;

type Stack = Awaited<ReturnType<typeof open>>['stack'];

function tileUrl(
  stack: Stack,
  layer: PlaneLayer,
  axis: PlaneAxis,
  index: number,
  [level, tx, ty]: readonly [number, number, number] = [0, 0, 0],
): string {
  const at = { index, level, tx, ty };
  return pixelUrl({ kind: 'plane', layer, stack: stack.id, axis, ...at });
}

async function bytesOf(app: RunningServices, url: string): Promise<Uint8Array> {
  const answer = await pixels(app, url);
  if (answer.kind === 'empty') throw new Error('empty');
  return answer.bytes;
}

const raw: PlaneLayer = { kind: 'raw' };

describe('a plane at right angles to the slices', () => {
  it.each(['xz', 'yz'] as const)('has the voxels of the slices that it cuts (%s)', async (axis) => {
    const app = await place.run();
    const { stack } = await open(app, await place.stack('long.tif', size));
    const { width, height, depth } = planeExtent(axis, size);
    for (const index of [0, 7, depth - 1])
      for (const [tx, ty] of [
        [0, 0],
        [width > TILE_SIZE ? 1 : 0, height > TILE_SIZE ? 1 : 0],
      ] as const) {
        const tile = await bytesOf(app, tileUrl(stack, raw, axis, index, [0, tx, ty]));
        for (let j = 0; j < TILE_SIZE; j += 1)
          for (let i = 0; i < TILE_SIZE; i += 1) {
            const [x, y] = [tx * TILE_SIZE + i, ty * TILE_SIZE + j];
            const at = voxelOf(axis, index, x, y);
            const inside = x < width && y < height;
            const expected = inside ? value(at.x, at.y, at.z) : 0;
            if (tile[j * TILE_SIZE + i] !== expected)
              expect([axis, index, x, y, tile[j * TILE_SIZE + i]]).toEqual([
                axis,
                index,
                x,
                y,
                expected,
              ]);
          }
      }
  });

  it('halves both ways for a view from far away', async () => {
    const app = await place.run();
    const { stack } = await open(app, await place.stack('long.tif', size));
    const half = await bytesOf(app, tileUrl(stack, raw, 'xz', 3, [1, 0, 0]));
    const four = [0, 1].flatMap((z) => [0, 1].map((x) => value(x, 3, z)));
    expect(half[0]).toBe((four.reduce((a, b) => a + b) + 2) >> 2);
    await expect(pixels(app, tileUrl(stack, raw, 'xz', 21))).rejects.toEqual(
      code('stack.slice-out-of-range'),
    );
  });

  it('tells where slices can’t be read, and shows the rest', async () => {
    const path = join(place.folder, 'cut.tif');
    const [width, height] = [60, 40];
    const pages = Array.from({ length: 6 }, (_, z) => ({
      tags: imageTags({ width, height, compression: 1, rowsPerStrip: 20 }),
      blocks: [0, 20].map((y) =>
        Uint8Array.from({ length: width * 20 }, (_, i) => (i + y * width + z) & 127),
      ),
      // The second strip of slices 2 and 3 lies beyond the end of the file.
      ...(z === 2 || z === 3 ? { offsets: [8, 2 ** 31] } : {}),
    }));
    await writeFile(path, tiffBytes({ pages }));
    const app = await place.run();
    const { stack } = await open(app, path);
    const gapsOf = async (axis: PlaneAxis, index: number): Promise<unknown> => {
      const answer = await pixels(app, tileUrl(stack, raw, axis, index));
      return answer.kind === 'pixels' ? [answer.badBlocks, answer.gaps] : answer;
    };
    expect(await gapsOf('xz', 19)).toEqual([false, []]);
    expect(await gapsOf('xz', 20)).toEqual([
      true,
      [expect.objectContaining({ x: 0, y: 2, width, height: 2 })],
    ]);
    expect(await gapsOf('yz', 7)).toEqual([
      true,
      [expect.objectContaining({ x: 2, y: 20, width: 2, height: 20 })],
    ]);
    const seen = await bytesOf(app, tileUrl(stack, raw, 'yz', 7));
    expect(seen[25 * TILE_SIZE + 4]).toBe((7 + 25 * width + 4) & 127);
  });

  it('shows a slice again once its file is back', async () => {
    const folder = join(place.folder, 'series');
    await mkdir(folder);
    for (const z of [1, 2, 3])
      await writeFile(
        join(folder, `s${String(z)}.png`),
        greyPng(30, 20, (x) => x + z),
      );
    const app = await place.run();
    const { stack } = await open(app, folder);
    await rename(join(folder, 's2.png'), join(place.folder, 'away.png'));
    const url = tileUrl(stack, raw, 'xz', 5);
    const without = { badBlocks: true, gaps: [expect.objectContaining({ y: 1, height: 1 })] };
    expect(await pixels(app, url)).toMatchObject(without);
    await rename(join(place.folder, 'away.png'), join(folder, 's2.png'));
    expect(await pixels(app, url)).toMatchObject({ badBlocks: false, gaps: [] });
    expect((await bytesOf(app, url))[TILE_SIZE + 4]).toBe(6);
  });

  it('shows labels as soon as they are appended, and predictions of the slices that have one', async () => {
    const app = await place.run();
    const view = await open(app, await place.stack('long.tif', size));
    const labels: PlaneLayer = { kind: 'labels', project: view.id, layer: view.layer };
    expect(await pixels(app, tileUrl(view.stack, labels, 'xz', 2))).toEqual({ kind: 'empty' });
    const patch = stroke(1, 4, 2 * TILE_SIZE + 10, 3);
    await app.call('labels.append', { patch });
    const shown = await bytesOf(app, tileUrl(view.stack, labels, 'xz', 2));
    expect([...shown.subarray(4 * TILE_SIZE + 9, 4 * TILE_SIZE + 14)].map(Boolean)).toEqual([
      ...[false, true, true, true, false],
    ]);
    await app.call('labels.append', { patch: stroke(2, 4, 2 * TILE_SIZE + 13, 1) });
    const again = await bytesOf(app, tileUrl(view.stack, labels, 'yz', 13));
    expect(again[2 * TILE_SIZE + 4]).toBe(shown[4 * TILE_SIZE + 10]);
    await app.quit();

    const model = ModelId.parse('m-1');
    const folder = join(place.folder, 'projects', 'long.emproj');
    const project = await openProject(folder, { readOnlyIfLocked: false });
    const map = new Uint8Array(size.width * size.height).fill(200);
    const own = [{ id: 3, probability: new Uint8Array(map.length).fill(150) }];
    await project.predictions.write(model, 6, map, undefined, own);
    await project.close();
    const later = await place.run();
    const { stack } = await open(later, folder);
    const predicted = await bytesOf(later, tileUrl(stack, { kind: 'probability', model }, 'xz', 2));
    expect([5, 6, 7].map((z) => predicted[z * TILE_SIZE + 100])).toEqual([0, 200, 0]);
    const mitochondria: PlaneLayer = { kind: 'class', model, class: 3 };
    const found = await bytesOf(later, tileUrl(stack, mitochondria, 'yz', 40));
    expect([5, 6, 7].map((z) => found[z])).toEqual([0, 150, 0]);
    const other: PlaneLayer = { kind: 'class', model, class: 4 };
    expect(await pixels(later, tileUrl(stack, other, 'yz', 40))).toEqual({ kind: 'empty' });
  });
});
